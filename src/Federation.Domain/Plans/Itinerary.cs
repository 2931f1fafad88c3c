using System.Collections.Immutable;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>When which placement is taken up.</summary>
/// <param name="AtSeconds">When its first move begins, in seconds from the moment of planning; the first one at 0.</param>
/// <param name="Assignment">Each VM's seat from then on.</param>
internal sealed record Stop(double AtSeconds, int[] Assignment);

/// <summary>Works out a course over several instants: at each one placement is left for the next. Every bill and every constraint as the estimator and the rules have them.</summary>
/// <remarks>
/// The run is taken to go on evenly under each placement: when a share of its run time is over, that share of compute and traffic is done. At each
/// instant what is left is a problem of its own (<see cref="Stage"/>). Hosting is billed stay by stay, rounded as each site rounds.
/// </remarks>
internal static class Itinerary
{
    // Sums of seconds carry rounding.
    private const double Tolerance = 1e-6;

    /// <summary>The course; null if it breaks a constraint at any of its instants.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stops">The placements, earliest first; at least two.</param>
    public static Course? Build(PlacementProblem problem, IReadOnlyList<Stop> stops)
    {
        var parts = new List<Part>(stops.Count);
        foreach (var (index, stop) in stops.Index())
        {
            var part = Part.Of(index == 0 ? problem : Stage.At(parts[^1].Problem, parts[^1].Placed, stop.AtSeconds - parts[^1].At), stop, index == stops.Count - 1);
            if (part is null || (index > 0 && !Follows(parts[^1], part)))
            {
                return null;
            }

            parts.Add(part);
        }

        return parts.Exists(part => part.Problem.Seats.Length != problem.Seats.Length) ? null : Join(problem, parts);
    }

    // No sooner than all moves before have ended; and every site is there until those that leave it are gone.
    private static bool Follows(Part before, Part next)
    {
        var stays = next.At - before.At;
        return stays >= MoveSchedule.Length(before.Moves) - Tolerance
            && PlacementRules.CheckRate(before.Problem, before.Placed.Assignment, 0, stays).IsFeasible
            && before.Placed.Assignment.Select(seat => before.Problem.Seats[seat].Site).Distinct()
                .All(site => PlacementRules.SecondsAvailable(before.Problem, site) >= stays - Tolerance)
            && next.Moves.All(move => PlacementRules.SecondsAvailable(before.Problem, before.Problem.Seats[move.Leg.From].Site) >= stays + move.EndSeconds - Tolerance);
    }

    private static Course? Join(PlacementProblem problem, List<Part> parts)
    {
        var end = parts[^1].At + parts[^1].Placed.Estimate!.Value.TimeSeconds;
        ImmutableArray<VmBill> bills = [.. Enumerable.Range(0, problem.VmCount).Select(vm => BillOf(parts, vm, end))];
        var terms = TermsOf(problem, parts, bills, end);
        if (!PlacementRules.CheckLimits(problem, terms).IsFeasible)
        {
            return null;
        }

        Departure? later = null;
        for (var i = parts.Count - 1; i > 0; i--)
        {
            later = new Departure(
                parts[i].At, parts[i].Problem, parts[i].Placed.Assignment, parts[i].Moves, MoveBills.Of(parts[i].Problem, parts[i].Moves),
                parts[0].Placed.Estimate!.Value.RunSeconds) { Then = later };
        }

        return new(
            new(parts[0].Placed.Assignment, terms, Verdict.Feasible, ObjectiveValue.Of(problem.View.Application.Objective, terms)),
            parts[0].Moves, MoveBills.Of(problem, parts[0].Moves), bills, later);
    }

    private static VmBill BillOf(List<Part> parts, int vm, double end)
    {
        double hosting = 0, traffic = 0, moving = 0;
        var from = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var bill = PlacementEstimator.Bill(part.Problem, part.Placed.Assignment, vm, part.Placed.Estimate!.Value.TimeSeconds)!.Value;
            traffic += bill.Traffic * part.ShareDoneUntil(i + 1 < parts.Count ? parts[i + 1].At : null);
            moving += bill.Moving;
            if (i + 1 == parts.Count || parts[i + 1].Problem.Moves(vm, parts[i + 1].Problem.Seats[parts[i + 1].Placed.Assignment[vm]]))
            {
                var until = i + 1 == parts.Count ? end : parts[i + 1].At;
                hosting += PlacementEstimator.Hosting(parts[from].Problem, vm, parts[from].Problem.Seats[parts[from].Placed.Assignment[vm]], until - parts[from].At);
                from = i + 1;
            }
        }

        return new(hosting, traffic, moving);
    }

    private static PlacementEstimate TermsOf(PlacementProblem problem, List<Part> parts, ImmutableArray<VmBill> bills, double end)
    {
        var terms = parts.Select(part => part.Placed.Estimate!.Value).ToList();
        var occupied = parts.Select((part, i) => terms[i].OccupiedVcpus * ((i + 1 < parts.Count ? parts[i + 1].At : end) - part.At)).Sum() / end;
        var downtime = terms.Sum(part => part.DowntimeSeconds);
        var sites = parts.SelectMany(part => part.Placed.Assignment.Select(seat => problem.Seats[seat].SiteIndex)).Distinct().Count();
        return new(
            bills.Sum(bill => bill.Hosting), bills.Sum(bill => bill.Traffic), bills.Sum(bill => bill.Moving), end - downtime, downtime,
            problem.View.Application.Vms.Sum(vm => vm.Vcpus) / occupied, terms.Max(part => part.PaidVcpus), terms.Max(part => part.OccupiedVcpus), sites)
        {
            Preference = parts.Select((part, i) => terms[i].Preference * part.ShareDoneUntil(i + 1 < parts.Count ? parts[i + 1].At : null)).Sum(),
        };
    }

    private sealed record Part(double At, PlacementProblem Problem, Evaluated Placed, ImmutableArray<ScheduledMove> Moves)
    {
        // The last one is kept to the end, and has to hold every constraint; of the others those of time are the whole course's.
        public static Part? Of(PlacementProblem stage, Stop stop, bool isLast)
        {
            if (!PlacementRules.CheckSeats(stage, stop.Assignment).IsFeasible)
            {
                return null;
            }

            var estimate = PlacementEstimator.Estimate(stage, stop.Assignment);
            var verdict = estimate is null || isLast ? PlacementRules.Check(stage, stop.Assignment, estimate)
                : Affinity.Check(stage, stop.Assignment) is { IsFeasible: false } broken ? broken
                : PlacementRules.CheckRoom(stage, stop.Assignment);
            return verdict.IsFeasible && Course.Direct(stage, stop.Assignment) is { } moves
                ? new(stop.AtSeconds, stage, new(stop.Assignment, estimate, verdict, ObjectiveValue.Of(stage.View.Application.Objective, estimate!.Value)), moves)
                : null;
        }

        public double ShareDoneUntil(double? at) => at is { } until ? 1 - Stage.ShareLeft(Placed.Estimate!.Value, until - At) : 1;
    }
}
