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

    /// <summary>A live migration.</summary>
    public static IMigrationGrain Migration(this IGrainFactory grains, string id) => grains.GetGrain<IMigrationGrain>(id);
}
