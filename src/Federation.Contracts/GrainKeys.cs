using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>How grains are found by what they stand for.</summary>
public static class GrainKeys
{
    /// <summary>The directory of the federation; there is one.</summary>
    public static IFederationGrain Federation(this IGrainFactory grains) => grains.GetGrain<IFederationGrain>(0);

    /// <summary>A site.</summary>
    public static ISiteGrain Site(this IGrainFactory grains, SiteId site) => grains.GetGrain<ISiteGrain>(site.Value);

    /// <summary>An application.</summary>
    public static IApplicationGrain Application(this IGrainFactory grains, AppId application) =>
        grains.GetGrain<IApplicationGrain>(application.Value);

    /// <summary>An application's communication groups.</summary>
    public static IGroupGrain Groups(this IGrainFactory grains, AppId application) => grains.GetGrain<IGroupGrain>(application.Value);

    /// <summary>An application's placement.</summary>
    public static IPlacementGrain Placement(this IGrainFactory grains, AppId application) =>
        grains.GetGrain<IPlacementGrain>(application.Value);

    /// <summary>How long an application's traffic is kept.</summary>
    public static IRetentionGrain Retention(this IGrainFactory grains, AppId application) =>
        grains.GetGrain<IRetentionGrain>(application.Value);

    /// <summary>A VM.</summary>
    public static IVmGrain Vm(this IGrainFactory grains, VmRef vm) => grains.GetGrain<IVmGrain>(vm.ToString());

    /// <summary>A host.</summary>
    public static IHostGrain Host(this IGrainFactory grains, HostPlace place) => grains.GetGrain<IHostGrain>(HostKey(place));

    /// <summary>The key of a host's grain: the site comes first, a host without a name has an empty one.</summary>
    public static string HostKey(HostPlace place) => $"{place.Site}/{place.Host}";

    /// <summary>The sensors that have a token; there is one grain.</summary>
    public static ISensorsGrain Sensors(this IGrainFactory grains) => grains.GetGrain<ISensorsGrain>(0);

    /// <summary>The tokens that were taken back; there is one grain.</summary>
    public static IRevocationsGrain Revocations(this IGrainFactory grains) => grains.GetGrain<IRevocationsGrain>(0);

    /// <summary>A live migration.</summary>
    public static IMigrationGrain Migration(this IGrainFactory grains, string id) => grains.GetGrain<IMigrationGrain>(id);
}
