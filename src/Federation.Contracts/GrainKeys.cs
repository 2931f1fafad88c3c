using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>How grains are found by what they stand for.</summary>
public static class GrainKeys
{
    /// <summary>The directory of the federation; there is one.</summary>
    public static IFederationGrain Federation(this IGrainFactory grains) => grains.GetGrain<IFederationGrain>(0);

    /// <summary>Lists of all there is; any silo answers.</summary>
    public static IOverviewGrain Overview(this IGrainFactory grains) => grains.GetGrain<IOverviewGrain>(0);

    /// <summary>A site.</summary>
    public static ISiteGrain Site(this IGrainFactory grains, SiteId site) => grains.GetGrain<ISiteGrain>(site.Value);

    /// <summary>An application by tenant and name: the one grain that outlives its incarnations.</summary>
    /// <exception cref="ArgumentException">No tenant is named.</exception>
    public static IApplicationGrain Application(this IGrainFactory grains, AppId application) => string.IsNullOrEmpty(application.Tenant.Value)
        ? throw new ArgumentException($"application {application} names no tenant", nameof(application))
        : grains.GetGrain<IApplicationGrain>(application.Named.Key);

    /// <summary>The traffic of one incarnation of an application.</summary>
    public static ITrafficGrain Traffic(this IGrainFactory grains, AppId application) => grains.GetGrain<ITrafficGrain>(Whole(application).Key);

    /// <summary>The communication groups of one incarnation of an application.</summary>
    public static IGroupGrain Groups(this IGrainFactory grains, AppId application) => grains.GetGrain<IGroupGrain>(Whole(application).Key);

    /// <summary>The placement of one incarnation of an application.</summary>
    public static IPlacementGrain Placement(this IGrainFactory grains, AppId application) =>
        grains.GetGrain<IPlacementGrain>(Whole(application).Key);

    /// <summary>How long the traffic of one incarnation of an application is kept.</summary>
    public static IRetentionGrain Retention(this IGrainFactory grains, AppId application) =>
        grains.GetGrain<IRetentionGrain>(Whole(application).Key);

    /// <summary>What one incarnation of an application has cost.</summary>
    public static ICostGrain Costs(this IGrainFactory grains, AppId application) => grains.GetGrain<ICostGrain>(Whole(application).Key);

    /// <summary>A VM.</summary>
    public static IVmGrain Vm(this IGrainFactory grains, VmRef vm) =>
        grains.GetGrain<IVmGrain>((vm with { Application = Whole(vm.Application) }).Key);

    /// <summary>A VM's serial console.</summary>
    public static IVmConsoleGrain Console(this IGrainFactory grains, VmRef vm) =>
        grains.GetGrain<IVmConsoleGrain>((vm with { Application = Whole(vm.Application) }).Key);

    /// <summary>The network of one incarnation of an application.</summary>
    public static ISegmentGrain Segment(this IGrainFactory grains, AppId application) => grains.GetGrain<ISegmentGrain>(Whole(application).Key);

    /// <summary>The numbers of all networks; there is one grain.</summary>
    public static ISegmentNumbersGrain SegmentNumbers(this IGrainFactory grains) => grains.GetGrain<ISegmentNumbersGrain>(0);

    /// <summary>The relays of the federation; there is one grain.</summary>
    public static IRelayGrain Relays(this IGrainFactory grains) => grains.GetGrain<IRelayGrain>(0);

    /// <summary>The public addresses of all gateways; there is one grain.</summary>
    public static IPublicAddressesGrain PublicAddresses(this IGrainFactory grains) => grains.GetGrain<IPublicAddressesGrain>(0);

    /// <summary>A host.</summary>
    public static IHostGrain Host(this IGrainFactory grains, HostPlace place) => grains.GetGrain<IHostGrain>(HostKey(place));

    /// <summary>The key of a host's grain: the site comes first, a host without a name has an empty one.</summary>
    public static string HostKey(HostPlace place) => $"{place.Site}/{place.Host}";

    /// <summary>Reads a <see cref="HostKey"/> of a host that has a name; null: it is none.</summary>
    public static HostPost? TryParseHost(string key) =>
        key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && slash < key.Length - 1 ? new(new(key[..slash]), key[(slash + 1)..]) : null;

    /// <summary>The mailbox of a host's agent.</summary>
    public static IAgentGrain Agent(this IGrainFactory grains, HostPost host) => grains.GetGrain<IAgentGrain>(HostKey(host.Place));

    /// <summary>The hosts whose agents have a token; there is one grain.</summary>
    public static IAgentsGrain Agents(this IGrainFactory grains) => grains.GetGrain<IAgentsGrain>(0);

    /// <summary>The sensors that have a token; there is one grain.</summary>
    public static ISensorsGrain Sensors(this IGrainFactory grains) => grains.GetGrain<ISensorsGrain>(0);

    /// <summary>The tokens that were taken back; there is one grain.</summary>
    public static IRevocationsGrain Revocations(this IGrainFactory grains) => grains.GetGrain<IRevocationsGrain>(0);

    /// <summary>Since when sites are without a silo; there is one grain.</summary>
    public static ISiteWatchGrain SiteWatch(this IGrainFactory grains) => grains.GetGrain<ISiteWatchGrain>(0);

    /// <summary>The reconciler; there is one.</summary>
    public static IReconcilerGrain Reconciler(this IGrainFactory grains) => grains.GetGrain<IReconcilerGrain>(0);

    /// <summary>Who looks at a placement next because a site has changed; there is one grain.</summary>
    public static IReevaluationGrain Reevaluation(this IGrainFactory grains) => grains.GetGrain<IReevaluationGrain>(0);

    /// <summary>A plan.</summary>
    public static IPlanGrain Plan(this IGrainFactory grains, PlanId id) => grains.GetGrain<IPlanGrain>(id.Key);

    /// <summary>A part of a world that plans were made from.</summary>
    public static IWorldGrain World(this IGrainFactory grains, AppId application, string hash) =>
        grains.GetGrain<IWorldGrain>($"{application.Key}/{hash}");

    /// <summary>A live migration.</summary>
    public static IMigrationGrain Migration(this IGrainFactory grains, MigrationId id) => grains.GetGrain<IMigrationGrain>(id.Key);

    // What belongs to one life of an application is never found by its name alone.
    private static AppId Whole(AppId application) => application.IsWhole
        ? application
        : throw new ArgumentException($"'{application.Key}' names no tenant, or no incarnation", nameof(application));
}
