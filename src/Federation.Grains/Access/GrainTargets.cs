using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Placing;

namespace Federation.Grains.Access;

/// <summary>Whose a grain is, by its key. A grain that is not listed here is nobody's, and open to nobody but the service and federation administrators.</summary>
internal static class GrainTargets
{
    private static readonly Dictionary<Type, Func<GrainId, AccessTarget?>> Known = new()
    {
        [typeof(IApplicationGrain)] = id => AppId.TryParse(KeyOf(id), out var named) && named.Named.Key == KeyOf(id) ? new(named.Tenant, null) : null,
        [typeof(ITrafficGrain)] = OfIncarnation,
        [typeof(IPlacementGrain)] = OfIncarnation,
        [typeof(IGroupGrain)] = OfIncarnation,
        [typeof(ISegmentGrain)] = OfIncarnation,
        [typeof(IRetentionGrain)] = OfIncarnation,
        [typeof(ICostGrain)] = OfIncarnation,
        [typeof(IVmGrain)] = OfVm,
        [typeof(IVmConsoleGrain)] = OfVm,
        [typeof(IPlanGrain)] = id => PlanId.TryParse(KeyOf(id), out var plan) && plan.Key == KeyOf(id) ? new(plan.Application.Tenant, null) : null,
        [typeof(IMigrationGrain)] = id => MigrationId.TryParse(KeyOf(id), out var migration) && migration.Key == KeyOf(id) ? new(migration.Plan.Application.Tenant, null) : null,
        [typeof(IAgentGrain)] = id => GrainKeys.TryParseHost(KeyOf(id)) is { } host ? new(null, host.Site, host) : null,
        [typeof(ISiteGrain)] = OfSite,
        [typeof(IHostGrain)] = OfSite,
        // Of the federation as a whole: who may call, may for all of it, and is given what is his.
        [typeof(IFederationGrain)] = OfAll,
        [typeof(IOverviewGrain)] = OfAll,
        [typeof(IAgentsGrain)] = OfAll,
        [typeof(ISensorsGrain)] = OfAll,
        [typeof(IRevocationsGrain)] = OfAll,
        [typeof(IReconcilerGrain)] = OfAll,
        // The service's own: no caller has a right in them.
        [typeof(IReevaluationGrain)] = OfNobody,
        [typeof(IPublicAddressesGrain)] = OfNobody,
        [typeof(IRelayGrain)] = OfNobody,
        [typeof(ISegmentNumbersGrain)] = OfNobody,
        [typeof(ISiteWatchGrain)] = OfNobody,
        [typeof(IWorldGrain)] = OfNobody,
    };

    /// <summary>Whether it is said whose the grains of an interface are.</summary>
    public static bool Knows(Type grain) => Known.ContainsKey(grain);

    /// <summary>Whose a grain is; null: nobody's, or its key is not written as the service writes it, and another way to write it would be another grain for the same thing.</summary>
    /// <param name="grain">Its interface, one that is known.</param>
    /// <param name="id">Which it is.</param>
    public static AccessTarget? Of(Type grain, GrainId id) => Known[grain](id);

    private static AccessTarget? OfIncarnation(GrainId id) => AppId.TryParse(KeyOf(id), out var incarnation) && incarnation.Key == KeyOf(id) ? new(incarnation.Tenant, null) : null;

    private static AccessTarget? OfVm(GrainId id) => VmRef.TryParse(KeyOf(id), out var vm) && vm.Key == KeyOf(id) ? new(vm.Application.Tenant, null) : null;

    private static AccessTarget? OfSite(GrainId id) => new(null, SiloSites.SiteOf(id));

    private static AccessTarget? OfAll(GrainId id) => default(AccessTarget);

    private static AccessTarget? OfNobody(GrainId id) => null;

    private static string KeyOf(GrainId id) => id.Key.ToString()!;
}
