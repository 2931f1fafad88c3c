using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Audit;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;

namespace Federation.Client;

/// <summary>What the holder of one token sees and may do. Safe for use by several threads.</summary>
/// <remarks>
/// Each method calls grains with the token. What the holder does not see is left out or null; what the holder may not ask at all throws
/// <see cref="AccessDeniedException"/>, as does a token that is forged, expired or taken back. While nobody answers, a method throws what
/// <see cref="FederationClient.IsOutage"/> knows.
/// </remarks>
public sealed partial class FederationSession
{
    private readonly IGrainFactory grains;
    private readonly TimeProvider clock;
    private readonly Func<string> token;

    internal FederationSession(IGrainFactory grains, TimeProvider clock, Func<string> token) => (this.grains, this.clock, this.token) = (grains, clock, token);

    /// <summary>The applications, by name, page after page. The administrator of a site gets those that have VMs there, and of them those VMs.</summary>
    public async IAsyncEnumerable<ApplicationStatus> Applications([EnumeratorCancellation] CancellationToken cancel = default)
    {
        AppId? after = null;
        do
        {
            var page = await Call(all => all.Overview().Applications(new(After: after)), cancel);
            foreach (var application in page.Items)
            {
                yield return application;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>One application; null: there is none of this tenant and name that the holder sees.</summary>
    /// <param name="application">Its tenant and name; an incarnation is not looked at.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public async Task<ApplicationStatus?> Application(AppId application, CancellationToken cancel = default)
    {
        await foreach (var status in Applications(cancel))
        {
            if (status.Application.Id.Named == application.Named)
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>The sites, by name; one that is offline as it was last known.</summary>
    public Task<ImmutableArray<SiteStatus>> Sites(CancellationToken cancel = default) => Call(all => all.Overview().Sites(), cancel);

    /// <summary>One site; null: there is none of this name.</summary>
    public Task<SiteStatus?> Site(SiteId site, CancellationToken cancel = default) => Call(all => all.Overview().Site(site), cancel);

    /// <summary>The hosts of the sites that the holder administrates, by site.</summary>
    public Task<ImmutableArray<HostsOfSite>> Hosts(CancellationToken cancel = default) => Call(all => all.Overview().Hosts(), cancel);

    /// <summary>The sensors of the sites that the holder administrates, by name.</summary>
    public Task<ImmutableArray<SensorRecord>> Sensors(CancellationToken cancel = default) => Call(all => all.Sensors().List(), cancel);

    /// <summary>A page of plans, the newest of each application first.</summary>
    public Task<Page<StoredPlan, PlanId>> Plans(PlanList list, CancellationToken cancel = default) => Call(all => all.Overview().Plans(list), cancel);

    /// <summary>One plan; null: there is none of this name that the holder sees.</summary>
    public Task<StoredPlan?> Plan(PlanId plan, CancellationToken cancel = default) => Call(all => all.Plan(plan).Get(), cancel);

    /// <summary>The migrations of a page of plans.</summary>
    public Task<Page<MigrationState, PlanId>> Migrations(PlanList list, CancellationToken cancel = default) => Call(all => all.Overview().Migrations(list), cancel);

    /// <summary>The migrations of one plan that have begun, in the plan's order.</summary>
    public Task<ImmutableArray<MigrationState>> MigrationsOf(PlanId plan, CancellationToken cancel = default) => Call(all => all.Plan(plan).Migrations(), cancel);

    /// <summary>An application's communication groups and their history.</summary>
    /// <param name="application">With its incarnation.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<GroupsStatus> Groups(AppId application, CancellationToken cancel = default) => Call(all => all.Groups(application).Get(), cancel);

    /// <summary>Who sent how much to whom; null: there is no such application.</summary>
    /// <param name="application">With its incarnation.</param>
    /// <param name="query">Which period, and how exact.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public async Task<QueryOutcome?> Traffic(AppId application, TrafficQuery query, CancellationToken cancel = default) =>
        (await Call(all => all.Traffic(application).Query(query, cancel), cancel))?.Outcome;

    /// <summary>What an application has cost up to now, and what it would have cost had no VM moved; for its tenant and for auditors.</summary>
    /// <param name="application">With its incarnation.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<CostHistory> Costs(AppId application, CancellationToken cancel = default) => Call(all => all.Costs(application).Get(), cancel);

    /// <summary>Audit entries after a sequence number, oldest first; for auditors and federation administrators.</summary>
    /// <param name="after">The last number that was seen; 0: from the start.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<ImmutableArray<AuditRecord>> Audit(long after, int limit, CancellationToken cancel = default) => Call(all => all.Overview().Audit(after, limit), cancel);

    // The token is there for this call alone: it ends with this method.
    private Task<T> Call<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel)
    {
        return WithToken().WaitAsync(cancel);

        async Task<T> WithToken()
        {
            CallerToken.Current = token();
            return await call(grains);
        }
    }
}
