using Federation.Api;
using Federation.Domain.Sites;

namespace Federation.Silo.Api;

/// <summary>A site's figures as the API shows them.</summary>
internal static class SiteFigureDocuments
{
    /// <summary>The document.</summary>
    public static SiteFiguresDocument Of(SiteFigures figures) => new(
        [.. figures.Hosts.Select(host => new HostFiguresDocument(
            host.Name, host.State.ToString().ToLowerInvariant(), host.Vms, HostRoutes.AmountsOf(host.Size), HostRoutes.AmountsOf(host.Used), HostRoutes.AmountsOf(host.Free)))],
        [.. figures.Resources.Select(of => new ResourceDocument(of.Name, of.Size, of.Used, of.Free, of.Largest, of.Fragmentation))],
        [.. figures.Offers.Select(room => new OfferRoomDocument(room.Offer, room.Fit, room.InOnePiece))],
        figures.Power is { } power ? new(power.HostsOn, power.HostsIdle, power.AtRestWatts, power.IdleWatts, power.VcpuWatts) : null,
        [.. figures.Tenants.Select(tenant => new TenantShareDocument(
            tenant.Tenant.Value, tenant.Use.Vms, tenant.Use.Vcpus, tenant.Use.MemoryBytes, tenant.Share, tenant.Resource))],
        figures.Fairness);
}
