using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Grains.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IPlanGrain"/>
/// <remarks>Holds no rule: it stores what <see cref="PlanSagas"/> says, does what is due by <see cref="PlanWork"/>, and tells the answers. Soon out of memory: most plans are never looked at again.</remarks>
[CollectionAgeLimit(Minutes = 2)]
public sealed partial class PlanGrain(
    [PersistentState("plan", GrainStateSerializer.StorageName)] IPersistentState<PlanGrain.Stored> kept,
    [PersistentState("saga", GrainStateSerializer.StorageName)] IPersistentState<PlanGrain.Life> life,
    IHypervisor hypervisor,
    SiteViews views,
    EventRecorder events,
    TimeProvider clock,
    IOptions<ReservationOptions> patience,
    IOptions<MovePolicy> policy,
    ILogger<PlanGrain> log) : Grain, IPlanGrain, IRemindable
{
    private const string ReminderName = "go-on";
    private static readonly TimeSpan RemindEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    private PlacementView? world;
    private IGrainTimer? worker;

    private PlanId Id => PlanId.Parse(this.GetPrimaryKeyString());

    private PlanSaga? Saga => life.State.Saga;

    private StoredPlan? Now => kept.State.Plan is { } plan && Saga is { } saga
        ? new(Id, plan, saga, kept.State.Touches, life.State.Record)
        : null;

    private static string Caller => CallerContext.Current.Name;

    /// <inheritdoc/>
    /// <remarks>A plan that is being carried out and has to leave, as after the loss of a silo, goes on where it is then: its timer does not come along.</remarks>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (worker is not null)
        {
            GrainFactory.Plan(Id).Resume().Ignore();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<StoredPlan> Propose(PlanProposal proposal)
    {
        if (Now is { } known)
        {
            return known;
        }

        var (sites, rest) = WorldParts.Of(proposal.World);
        await Task.WhenAll(new[] { sites, rest }.Select(part => GrainFactory.World(Id.Application, part.Hash).Keep(part.Json)));
        var nowhere = proposal.World.Application.Vms.Where(vm => vm.At is null).Select(vm => vm.Id).ToHashSet();
        kept.State = new()
        {
            Plan = proposal.Plan, Revision = proposal.World.Revision, Departs = proposal.Departs, Cause = proposal.Cause,
            Sites = sites.Hash, Rest = rest.Hash, Touches = [.. PlanAtSites.Of(proposal.Plan, nowhere).Keys],
        };
        await this.Store(kept);
        life.State.Saga = PlanSaga.Of(Id, proposal.Plan, nowhere);
        life.State.Record = [new(clock.GetUtcNow(), "proposed", PlanState.Proposed, proposal.Cause)];
        await this.Store(life);
        await events.Record("plan.proposed", $"plan {Id.Key} ({proposal.Cause}): {proposal.Plan.Decision}: {PlanReasonText.Of(proposal.Plan.Why[0])}", Id.Application);
        return Now!;
    }

    /// <inheritdoc/>
    public Task<StoredPlan?> Get() => Task.FromResult(Now is { } plan && Seen.Is(CallerContext.Current, plan) ? plan : null);

    /// <inheritdoc/>
    public async Task<ImmutableArray<MigrationState>> Migrations()
    {
        var caller = CallerContext.Current;
        var begun = (Saga?.Steps ?? []).Where(step => step is { Kind: StepKind.Move, State: StepState.Running or StepState.Done or StepState.Failed });
        var migrations = await Task.WhenAll(begun.Select(step => GrainFactory.Migration(new(Id, step.Number)).Get()));
        return [.. migrations.OfType<MigrationState>().Where(migration => Seen.Is(caller, migration))];
    }

    /// <inheritdoc/>
    public async Task<PlacementView?> World() => world ??= kept.State is { Sites: { } sites, Rest: { } rest }
        && await GrainFactory.World(Id.Application, sites).Get() is { } first && await GrainFactory.World(Id.Application, rest).Get() is { } second
            ? WorldParts.Join(first, second)
            : null;

    /// <inheritdoc/>
    public async Task ForgetWorld()
    {
        foreach (var part in new[] { kept.State.Sites, kept.State.Rest }.OfType<string>())
        {
            await GrainFactory.World(Id.Application, part).Forget();
        }

        world = null;
    }

    /// <inheritdoc/>
    public async Task<PlanAnswer> Apply()
    {
        if (Saga is not { } before)
        {
            return new(null, Did: false, Refusal.PlanUnknown(Id.Key));
        }

        if (PlanSagas.AgainstStart(before) is { } refusal)
        {
            return new(Now, Did: false, refusal);
        }

        await this.RegisterOrUpdateReminder(ReminderName, RemindEvery, RemindEvery);
        await Take(new SagaEvent.Apply(Caller, [.. kept.State.Touches], clock.GetUtcNow() + patience.Value.PlanPatience));
        await Drive(PlanSagas.IsEntry);
        GoOn();
        var did = before.State == PlanState.Proposed && Saga.State is PlanState.Waiting or PlanState.Applying;
        return new(Now, did, Saga.State is PlanState.Proposed or PlanState.Failed && before.State == PlanState.Proposed ? Saga.Reason : null);
    }

    /// <inheritdoc/>
    public Task<PlanAnswer> Cancel() => Order(new SagaEvent.Cancel(Caller));

    /// <inheritdoc/>
    public Task<PlanAnswer> WantApproval(SiteId site) => !CallerContext.Current.Administrates(site)
        ? throw new AccessDeniedException($"only an administrator of {site} decides for it")
        : kept.State.Touches.Contains(site) ? Order(new SagaEvent.ApprovalWanted(site))
        : Task.FromResult(new PlanAnswer(Now, Did: false, Refusal.PlanNotAtSite(Id.Key, site)));

    /// <inheritdoc/>
    public async Task ApprovalChanged(SiteId site)
    {
        if (Saga is { } saga && !saga.State.IsEnd() && saga.Approvals.ContainsKey(site) && await Do(new SagaCommand.RequestApproval(site)) is { } said)
        {
            await Take(said is SagaEvent.ApprovalRequested && saga.Approvals[site] == ApprovalProgress.Given
                ? new SagaEvent.ApprovalLost(site, Refusal.ApprovalMissing(Id.Key, [site]))
                : said);
            GoOn();
        }
    }

    /// <inheritdoc/>
    public Task MigrationEnded() => Resume();

    /// <inheritdoc/>
    public Task Supersede(PlanId by) => Order(new SagaEvent.Superseded(by));

    /// <inheritdoc/>
    public Task Outdate(Refusal why) => Order(new SagaEvent.Outdated(why));

    /// <inheritdoc/>
    public async Task Resume()
    {
        if (Saga is { IsClosed: false })
        {
            await Take(new SagaEvent.Woken());
            GoOn();
        }
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Saga is null or { IsClosed: true } or { State: PlanState.Proposed, Approvals.IsEmpty: true })
        {
            await this.Forget(ReminderName);
            return;
        }

        // A word of a site that was lost, or an approval that has expired, is learned by asking again.
        foreach (var site in Saga.Missing)
        {
            await ApprovalChanged(site);
        }

        await Resume();
    }

    private async Task<PlanAnswer> Order(SagaEvent order)
    {
        if (Saga is not { } before)
        {
            return new(null, Did: false, Refusal.PlanUnknown(Id.Key));
        }

        await this.RegisterOrUpdateReminder(ReminderName, RemindEvery, RemindEvery);
        await Take(order);
        await Drive(PlanSagas.IsEntry);
        GoOn();
        var did = before.State != Saga.State || before.CancelledBy != Saga.CancelledBy || before.Approvals.Count != Saga.Approvals.Count;
        return new(Now, did, did ? null : PlanSagas.AgainstOrder(Saga));
    }

    /// <summary>What is stored of a plan when it is made, and never changes.</summary>
    public sealed class Stored
    {
        /// <summary>The plan; null: it was not proposed.</summary>
        public Plan? Plan { get; set; }

        /// <summary>The revision of the application's description that it was made from.</summary>
        public long Revision { get; set; }

        /// <summary>Whether it leaves in time what closes, as an applied plan has it.</summary>
        public bool Departs { get; set; }

        /// <summary>Why it was made.</summary>
        public string Cause { get; set; } = "";

        /// <summary>The content hash of the sites that it was made from.</summary>
        public string? Sites { get; set; }

        /// <summary>The content hash of the rest of the world that it was made from.</summary>
        public string? Rest { get; set; }

        /// <summary>The sites that it touches.</summary>
        public ImmutableArray<SiteId> Touches { get; set; } = [];
    }

    /// <summary>What is stored of a plan's life; the record only grows.</summary>
    public sealed class Life
    {
        /// <summary>How far it is; null: it was not proposed.</summary>
        public PlanSaga? Saga { get; set; }

        /// <summary>What happened, oldest first.</summary>
        public ImmutableArray<PlanEntry> Record { get; set; } = [];
    }
}
