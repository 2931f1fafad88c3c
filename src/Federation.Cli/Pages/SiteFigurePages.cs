using System.Globalization;
using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>A site as a whole, for its administrators.</summary>
internal static class SiteFigurePages
{
    /// <summary>Room, fragmentation, power and who has how much, below what a page has already.</summary>
    public static void AddTo(Page page, SiteFiguresDocument figures)
    {
        if (figures.Hosts.Length > 0)
        {
            page.Heading("Hosts").Add(new Sheet("HOST", "STATE", ">VMS", ">FREE VCPUS", ">FREE MEMORY", ">FREE DISK").Rows(figures.Hosts, host =>
            [
                host.Host, host.State, $"{host.Vms}", $"{host.Free.Vcpus} of {host.Size.Vcpus}", Of(host.Free.MemoryBytes, host.Size.MemoryBytes), Of(host.Free.DiskBytes, host.Size.DiskBytes),
            ]));
            page.Heading("Room on hosts that take VMs").Add(new Sheet("", ">SIZE", ">IN USE", ">FREE", ">LARGEST ON ONE HOST", ">FRAGMENTATION").Rows(figures.Resources, of =>
            [
                of.Resource == "vcpus" ? "vCPUs" : of.Resource, Amount(of, of.Size), Amount(of, of.Used), Amount(of, of.Free), Amount(of, of.LargestFree), Cells.Percent(of.Fragmentation),
            ]));
            page.Add(new Sheet("OFFER", ">VMS THAT FIT", ">WERE ALL FREE ROOM ON ONE HOST").Rows(figures.Offers, room => [room.Offer, $"{room.Fit}", $"{room.InOnePiece}"]));
        }

        if (figures.Power is { } power)
        {
            page.Heading("Power").Line(Sentence(power));
        }

        if (figures.Fairness is { } fairness)
        {
            page.Heading("Tenants").Add(new Sheet("TENANT", ">VMS", ">VCPUS", ">MEMORY", ">SHARE", "OF").Rows(figures.Tenants, tenant =>
                [tenant.Tenant, $"{tenant.Vms}", $"{tenant.Vcpus}", SitePages.Gib(tenant.MemoryBytes), Cells.Percent(tenant.Share), tenant.Resource == "vcpus" ? "vCPUs" : tenant.Resource]))
                .Line($"Fairness: {Cells.Number(fairness, 3)} (1: all have the same share; {Cells.Number(1.0 / figures.Tenants.Length, 3)}: one has all)");
        }
    }

    private static string Sentence(SitePowerDocument power)
    {
        var vcpus = $"vCPUs in use take {Watts(power.VcpuWatts)}";
        return power.AtRestWatts is not { } rest ? $"{vcpus}; what hosts take at rest is not known: energy.wattsPerHost in the site's file says it"
            : $"{power.HostsOn} hosts at rest take {Watts(rest)}, {power.HostsIdle} of them without a VM {Watts(power.IdleWatts ?? 0)}; {vcpus}; together {Watts(rest + power.VcpuWatts)}";
    }

    /// <summary>An amount of power.</summary>
    internal static string Watts(double watts) => $"{Cells.Number(watts, 1)} W";

    private static string Amount(ResourceDocument of, long amount) => of.Resource == "vcpus" ? amount.ToString(CultureInfo.InvariantCulture) : SitePages.Gib(amount);

    private static string Of(long free, long size) => $"{SitePages.Gib(free)} of {SitePages.Gib(size)}";
}
