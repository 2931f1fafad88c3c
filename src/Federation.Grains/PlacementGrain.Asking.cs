using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Grains.Access;
using Federation.Grains.Solving;

namespace Federation.Grains;

/// <summary>Plans that people ask for: each is a job from the moment at which its number is stored until there is a plan, or none will be.</summary>
public sealed partial class PlacementGrain
{
    private const int MostNotMade = 100;

    // A call is given up after three minutes; so much is for the solver.
    private static readonly TimeSpan TrialPatience = TimeSpan.FromSeconds(45);

    private readonly SortedDictionary<int, SolveRun> asked = [];

    /// <inheritdoc/>
    public async Task<ParetoAnswer> Pareto(PlanRequest request, int points, CancellationToken cancel)
    {
        var (front, refusal) = await Try(request, view => ParetoFront.Of(view, SolverOf(request), OptionsOf(request), points, cancel), cancel);
        return new(front, refusal);
    }

    /// <inheritdoc/>
    public async Task<WhatIfAnswer> Suppose(PlanRequest request, CancellationToken cancel)
    {
        var (plan, refusal) = await Try(request, view => Planner.Plan(view, SolverOf(request), OptionsOf(request), cancel), cancel);
        return new(plan, refusal);
    }

    // In the world as it is, or as the request supposes; of what comes nothing is kept.
    private async Task<(T? Found, Refusal? Refusal)> Try<T>(PlanRequest request, Func<PlacementView, T> work, CancellationToken cancel) where T : class
    {
        using var place = solvers.Ask(Id.Tenant, SolveKind.Asked);
        if (place.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        await WindowSignal.Wait(place.Turn, TrialPatience, clock, cancel);
        if (!place.Turn.IsCompletedSuccessfully)
        {
            return (null, Refusal.PlansWaiting(place.Progress.Before + 1, TrialPatience));
        }

        if (await View(request.Windows ?? policy.Value.TrafficWindows, newest: true) is not { } view)
        {
            return (null, null);
        }

        var (supposed, unknown) = WhatIf.In(view, request.WhatIf ?? []);
        return supposed is null ? (null, unknown) : (await place.Run(() => work(supposed)), null);
    }

    /// <inheritdoc/>
    public async Task<PlanAsked> Ask(PlanRequest request)
    {
        if (await GrainFactory.Application(Id).Identity() != Id)
        {
            return new(null);
        }

        if (request.Drain is not null && !CallerContext.Current.Has(Role.Service))
        {
            throw new AccessDeniedException("only the service has a host's VMs leave, for the administrators of its site");
        }

        if (request.Move is { } move && await Against(move) is { } useless)
        {
            return new(null, useless);
        }

        var place = solvers.Ask(Id.Tenant, SolveKind.Asked);
        if (place.Refusal is { } refusal)
        {
            return new(null, refusal);
        }

        var (number, now) = (++state.State.LastNumber, clock.GetUtcNow());
        state.State.Asked = state.State.Asked.Add(number, new(request, now));
        try
        {
            await this.Store(state);
        }
        catch
        {
            place.Dispose();
            throw;
        }

        Begin(number, place, request, now);
        return new(new PlanId(Id, number));
    }

    /// <inheritdoc/>
    public async Task<PlanJob?> Job(int number, TimeSpan wait, CancellationToken cancel)
    {
        if (asked.TryGetValue(number, out var run) && wait > TimeSpan.Zero)
        {
            await WindowSignal.Wait(run.Over, wait, clock, cancel);
        }

        var id = new PlanId(Id, number);
        if (asked.TryGetValue(number, out run))
        {
            var (before, since) = run.Outcome is null ? run.Place.Progress : new(0, run.AskedAt);
            return new(id, since is null ? PlanJobState.Waiting : PlanJobState.Solving, before, run.AskedAt, since);
        }

        return state.State.Asked.TryGetValue(number, out var job) ? new(id, PlanJobState.Waiting, AskedAt: job.At)
            : state.State.NotMade.TryGetValue(number, out var why)
                ? new(id, why.Code == RefusalCode.PlanCancelled ? PlanJobState.Cancelled : PlanJobState.Failed, Refusal: why)
            : await GrainFactory.Plan(id).Get() is { } plan ? new(id, PlanJobState.Made, Plan: plan)
            : null;
    }

    /// <inheritdoc/>
    public async Task<PlanJobAnswer> CancelJob(int number)
    {
        if (state.State.Asked.ContainsKey(number))
        {
            await NotMade(number, Refusal.PlanCancelled(new PlanId(Id, number).Key, CallerContext.Current.Name));
            return new(await Job(number, TimeSpan.Zero, CancellationToken.None));
        }

        var job = await Job(number, TimeSpan.Zero, CancellationToken.None);
        return new(job, job?.Refusal ?? (job is null ? null : Refusal.PlanMade(job.Id.Key)));
    }

    private async Task<Refusal?> Against(WantedMove move) => await GrainFactory.Application(Id).Get() is { } status
        ? move.Against(status.Application, await GrainFactory.Federation().Sites())
        : Refusal.ApplicationDeleted(Id);

    // Of an activation before this one, or a write whose answer got lost: stored, and nobody is at it.
    private void BeginStored()
    {
        foreach (var (number, job) in state.State.Asked.Where(job => !asked.ContainsKey(job.Key)))
        {
            Begin(number, solvers.Ask(Id.Tenant, SolveKind.Asked, again: true), job.Request, job.At);
        }
    }

    private void Begin(int number, SolverPlace place, PlanRequest request, DateTimeOffset askedAt)
    {
        asked[number] = new(place, DecisionTrigger.Asked, request, askedAt);
        TakeUpIn(TakeUpEvery);
        Solve(asked[number]).Ignore();
    }

    private async Task TakeUp(int number, SolveRun run)
    {
        var id = new PlanId(Id, number);
        if (run.Outcome is { View: { } view, Decision: { } decision })
        {
            await Propose(id, view, decision.Orders[0] with { Departs = view.Drain is not null }, CauseOf(view));
            if (decision.Plan is { Drain.Targets: null, Decision: PlanDecision.Migrate } drains && (policy.Value.AppliesPlans || drains.Steps.All(step => step.IsWithinSite)))
            {
                // What takes VMs to another site, where they may cost more, waits for its application's owner unless the service applies plans.
                await GrainFactory.Plan(id).Apply();
            }

            state.State.Asked = state.State.Asked.Remove(number);
            await this.Store(state);
            Over(number);
        }
        else
        {
            await NotMade(number, run.Outcome!.Refusal is { } refusal ? refusal : run.Outcome.Fault is { } fault ? Refusal.PlanNotMade(id.Key, fault) : Refusal.ApplicationDeleted(Id));
        }
    }

    private static string CauseOf(PlacementView view) => view.Wanted is { } move ? $"{move.Vm} is wanted at {move.Site}"
        : view.Drain is { Targets: not null } advice ? $"the administrators of {advice.Site} ask for it"
        : view.Drain is { } drain ? $"host {drain.Site}/{drain.Host} is drained"
        : "asked for";

    private async Task NotMade(int number, Refusal why)
    {
        state.State.Asked = state.State.Asked.Remove(number);
        state.State.NotMade = state.State.NotMade.SetItem(number, why).TakeLast(MostNotMade).ToImmutableSortedDictionary();
        await this.Store(state);
        Over(number);
    }

    private void Over(int number)
    {
        if (asked.Remove(number, out var run))
        {
            run.Dispose();
        }
    }
}
