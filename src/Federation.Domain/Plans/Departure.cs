using System.Collections.Immutable;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Plans;

/// <summary>
/// A later part of a course: at its instant another placement is taken up. Either because sites close before the application ends, and are left
/// in time, or because of other events that are known. Compared by reference.
/// </summary>
/// <param name="AtSeconds">When the first VM begins to leave, from the moment of planning.</param>
/// <param name="Problem">The world as it is then expected, with what is left of the run.</param>
/// <param name="Assignment">Each VM's seat from then on.</param>
/// <param name="Moves">The migrations, their times counted from <paramref name="AtSeconds"/>.</param>
/// <param name="MoveBills">What each of these costs.</param>
/// <param name="FirstRunSeconds">How long the run would take if nothing were left.</param>
internal sealed record Departure(
    double AtSeconds,
    PlacementProblem Problem,
    int[] Assignment,
    ImmutableArray<ScheduledMove> Moves,
    ImmutableArray<MoveBill> MoveBills,
    double FirstRunSeconds)
{
    /// <summary>What comes after it; null: it is the last part.</summary>
    public Departure? Then { get; init; }

    /// <summary>The known event that it is for: at which it begins, or just before which it has ended; null: none.</summary>
    /// <param name="view">The world at the moment of planning.</param>
    public KnownEvent? Because(PlacementView view)
    {
        var (begins, ends) = (view.Now.After(AtSeconds), view.Now.After(AtSeconds + MoveSchedule.Length(Moves) + view.LeaveEarlySeconds + 1));
        var sites = Moves.SelectMany(move => new[] { Problem.Seats[move.Leg.From].Site.Id, Problem.Seats[move.Leg.To].Site.Id }).ToHashSet();
        var near = KnownEvents.Of(view, ends).Where(known => sites.Contains(known.Site) && known.At >= begins.AddSeconds(-1)).ToList();
        return near.Find(known => (known.At - begins).Duration() <= TimeSpan.FromSeconds(1)) ?? near.Find(known => known.Kind == KnownEventKind.SiteCloses) ?? near.LastOrDefault();
    }

    /// <summary>
    /// The course that takes a placement now and leaves in time what closes before the application ends; null if there is none, or nothing
    /// closes. It leaves once: at that moment the rest of the run is placed as if it were a problem of its own.
    /// </summary>
    /// <remarks>
    /// The run is taken to go on evenly: when a share of the first placement's run time is over, that share of compute and traffic is done.
    /// The VMs leave so early that the last one is gone <see cref="PlacementView.LeaveEarlySeconds"/> before the end.
    /// </remarks>
    /// <param name="problem">The problem.</param>
    /// <param name="first">A placement that holds every constraint of the relaxed problem.</param>
    /// <param name="solve">Who places the rest; null if nobody can.</param>
    public static Course? Find(PlacementProblem problem, Evaluated first, Func<PlacementProblem, Evaluated?> solve)
    {
        var terms = first.Estimate!.Value;
        var closing = first.Assignment.Select(seat => problem.Seats[seat].Site).Distinct()
            .Select(site => PlacementRules.SecondsAvailable(problem, site)).Where(left => left < terms.TimeSeconds).ToList();
        if (closing.Count == 0 || Course.Direct(problem, first.Assignment) is not { } moves)
        {
            return null;
        }

        var end = closing.Min() - problem.View.LeaveEarlySeconds;
        var begin = MoveSchedule.Length(moves);
        var early = end - Guess(problem, first.Assignment, terms.TimeSeconds);
        if (early <= begin)
        {
            return null;
        }

        var stage = Stage.At(problem, first, early);
        if (solve(stage) is not { } rest || Course.Direct(stage, rest.Assignment) is not { } leaving)
        {
            return null;
        }

        // How long leaving takes is known now: no need to leave earlier than that.
        return Itinerary.Build(problem, [new(0, first.Assignment), new(end - MoveSchedule.Length(leaving), rest.Assignment)]);
    }

    // The longest that leaving may take: every VM over the slowest of its links, one after another.
    private static double Guess(PlacementProblem problem, int[] assignment, double needed) =>
        Enumerable.Range(0, assignment.Length)
            .Where(vm => PlacementRules.SecondsAvailable(problem, problem.Seats[assignment[vm]].Site) < needed)
            .Sum(vm => problem.Candidates[vm].Select(seat =>
                    problem.MigrationBetween(vm, problem.Seats[assignment[vm]].SiteIndex, problem.Seats[seat].SiteIndex)?.DurationSeconds ?? 0)
                .DefaultIfEmpty(0).Max());
}

/// <summary>The world in which the second part of a course begins.</summary>
internal static class Stage
{
    /// <summary>What is left of the run so many seconds after a placement began to run, (0, 1].</summary>
    public static double ShareLeft(PlacementEstimate terms, double seconds) =>
        1 - Math.Clamp((seconds - terms.DowntimeSeconds) / terms.RunSeconds, 0, 1);

    /// <summary>The problem of placing what is left then, the VMs being where the first placement has them.</summary>
    public static PlacementProblem At(PlacementProblem problem, Evaluated first, double seconds)
    {
        var (view, application) = (problem.View, problem.View.Application);
        var share = ShareLeft(first.Estimate!.Value, seconds);
        // A span of time holds whole ticks only: rates make up for what that cuts off, so that amounts are exact.
        var remaining = TimeSpan.FromSeconds(Math.Max(share * first.Estimate.Value.RunSeconds, 1e-3));
        // So do prices of what counts over the time that is left.
        var rates = share * problem.RemainingSeconds / remaining.TotalSeconds;
        var limit = PlacementRules.TimeLimitSeconds(problem) - seconds;
        return new(view with
        {
            Now = view.Now.After(seconds),
            Traffic = TrafficMatrix.Combine([(view.Traffic, rates)], view.Traffic.Period),
            Work = [.. problem.Work.Select(work => work * share)],
            UsedByOthers = Used(problem, first.Assignment, seconds),
            CoolingDown = view.CoolingDown.Where(vm => vm.Value > view.Now.After(seconds) && vm.Value != DateTimeOffset.MaxValue).ToImmutableSortedDictionary(),
            // A wanted move is made now: what is left in time goes where it is best by then.
            Wanted = null,
            Application = application with
            {
                Remaining = remaining,
                Prefer = [.. application.Prefer.Select(preference => preference with { PricePerHour = preference.PricePerHour * (decimal)rates })],
                Deadline = double.IsPositiveInfinity(limit) ? null : TimeSpan.FromSeconds(Math.Max(limit, 0)),
                Budget = null,
                HarmLimit = double.PositiveInfinity,
                Vms = [.. application.Vms.Select((vm, i) => vm with { At = problem.Seats[first.Assignment[i]].Location })],
            },
        });
    }

    // What the application itself has used of a quota by then is gone.
    private static ImmutableSortedDictionary<SiteId, Occupancy> Used(PlacementProblem problem, int[] assignment, double seconds)
    {
        var used = problem.View.UsedByOthers;
        foreach (var seat in assignment.Select(seat => problem.Seats[seat]))
        {
            used = used.SetItem(
                seat.Site.Id, used.GetValueOrDefault(seat.Site.Id) + new Occupancy(0, 0, 0, seat.Offer.Vcpus * seconds / 3600));
        }

        return used;
    }
}
