using Federation.Contracts;
using Federation.Domain.Consolidation;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>What an application lets the administrators of a site ask of it.</summary>
public sealed partial class PlacementGrain
{
    /// <inheritdoc/>
    public async Task<MovableVms?> Movable(SiteId site)
    {
        if (await GrainFactory.Application(Id).Get() is not { } status || status.Application.Id != Id)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var view = new PlacementView
        {
            Application = status.Progress.At(status.Application, now),
            Sites = [.. (await sites.Of(Id, newest: true)).Select(seen => seen.Site)],
            Traffic = TrafficMatrix.Empty(Window.Length),
            Now = now,
        };
        return MovableVms.Of(policy.Value.In(view), site, state.State.Loop.History, policy.Value);
    }

    /// <inheritdoc/>
    public async Task<WhatIfAnswer> TryAdvice(HostDrain drain, CancellationToken cancel)
    {
        var request = new PlanRequest(null, null, null, null, Drain: drain);
        var (tried, refusal) = await Try(
            request,
            view => AdviceTrial.Of(view with { Drain = drain }, seen => Planner.Plan(seen, SolverOf(request), OptionsOf(request) with { Detail = PlanDetail.Decision }, cancel)),
            cancel);
        return tried is null ? new(null, refusal) : new(tried.Refusal is null ? tried.Plan : null, tried.Refusal);
    }
}
