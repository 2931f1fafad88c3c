using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Where a VM would be if it could not be where the plan has it, all others staying there.</summary>
/// <param name="Location">Its best other site, and the best offer there.</param>
/// <param name="Hosting">How much more hosting costs then, in currency, for the whole application; less than 0: less.</param>
/// <param name="Traffic">How much more traffic costs.</param>
/// <param name="Moving">How much more moving costs.</param>
/// <param name="TimeSeconds">How much longer the application runs.</param>
public sealed record RunnerUp(Location Location, double Hosting, double Traffic, double Moving, double TimeSeconds)
{
    /// <summary>How much more everything costs.</summary>
    public double Cost => Hosting + Traffic + Moving;
}

/// <summary>What stood second for each VM of a placement.</summary>
internal sealed class RunnersUp
{
    /// <summary>Beyond this many variations, runners-up are left out.</summary>
    public const long MostVariations = 200_000;

    /// <summary>Up to this many VMs it is said what keeps each of them from each site.</summary>
    public const int MostVmsForReasons = 100;

    private readonly PlacementProblem problem;
    private readonly int[] assignment;
    private readonly PlacementEstimate chosen;
    private readonly PlacementVariation variation;
    private readonly SeatLedger ledger;
    private readonly int[] vcpusAt;

    private RunnersUp(PlacementProblem problem, int[] assignment)
    {
        (this.problem, this.assignment) = (problem, assignment);
        chosen = PlacementEstimator.Estimate(problem, assignment)!.Value;
        variation = new(problem, assignment);
        ledger = new(problem);
        vcpusAt = new int[problem.Sites.Length];
        foreach (var seat in assignment)
        {
            ledger.Take(seat);
            vcpusAt[problem.Seats[seat].SiteIndex] += problem.Seats[seat].Offer.Vcpus;
        }
    }

    /// <summary>Each VM's runner-up, and what keeps it from the sites where it could not be; null where that is too much to look at.</summary>
    public static ImmutableArray<(RunnerUp? Second, ImmutableArray<SiteRejection> Rejected)>? Of(PlacementProblem problem, int[] assignment)
    {
        if ((long)problem.VmCount * problem.Seats.Length > MostVariations)
        {
            return null;
        }

        var runners = new RunnersUp(problem, assignment);
        return [.. Enumerable.Range(0, problem.VmCount).Select(runners.Of)];
    }

    private (RunnerUp? Second, ImmutableArray<SiteRejection> Rejected) Of(int vm)
    {
        var here = problem.Seats[assignment[vm]].SiteIndex;
        var open = new HashSet<int> { here };
        var refusals = new SortedDictionary<int, Refusal>();
        (int Seat, PlacementEstimate Terms, ObjectiveValue Value)? best = null;
        foreach (var seat in problem.Candidates[vm].Where(seat => problem.Seats[seat].SiteIndex != here))
        {
            var (refusal, terms) = Look(vm, seat);
            if (refusal is not null)
            {
                refusals.TryAdd(problem.Seats[seat].SiteIndex, refusal);
                continue;
            }

            open.Add(problem.Seats[seat].SiteIndex);
            var value = ObjectiveValue.Of(problem.View.Application.Objective, terms);
            best = best is null || value.IsBetterThan(best.Value.Value) ? (seat, terms, value) : best;
        }

        return (
            best is { } found ? SecondOf(found.Seat, found.Terms) : null,
            problem.VmCount > MostVmsForReasons ? [] : [.. RejectionsOf(vm, open, refusals)]);
    }

    private RunnerUp SecondOf(int seat, PlacementEstimate terms) => new(
        problem.Seats[seat].Location, terms.Hosting - chosen.Hosting, terms.Traffic - chosen.Traffic, terms.Moving - chosen.Moving,
        terms.TimeSeconds - chosen.TimeSeconds);

    private IEnumerable<SiteRejection> RejectionsOf(int vm, HashSet<int> open, SortedDictionary<int, Refusal> refusals) =>
        from site in Enumerable.Range(0, problem.Sites.Length)
        where !open.Contains(site)
        let last = problem.Seats.Last(seat => seat.SiteIndex == site)
        select new SiteRejection(problem.Sites[site].Id, refusals.GetValueOrDefault(site) ?? SeatRules.Check(problem, vm, last).Refusal!);

    // The first constraint that a VM at a seat would break; the order of moves is not looked at.
    private (Refusal? Refusal, PlacementEstimate Terms) Look(int vm, int seat)
    {
        ledger.Free(assignment[vm]);
        var room = ledger.Check(seat);
        ledger.Take(assignment[vm]);
        if (room.Refusal is { } full)
        {
            return (full, default);
        }

        var old = assignment[vm];
        assignment[vm] = seat;
        var affinity = Affinity.Check(problem, assignment);
        assignment[vm] = old;
        return affinity.Refusal is { } broken ? (broken, default)
            : variation.With(vm, seat) is not { } terms ? (Refusal.LinkForTrafficOf(problem.View.Application.Vms[vm].Id), default)
            : (CheckTime(vm, seat, terms) ?? CheckRate(vm, seat, terms) ?? PlacementRules.CheckLimits(problem, terms).Refusal, terms);
    }

    private Refusal? CheckRate(int vm, int seat, PlacementEstimate terms)
    {
        if (problem.View.Application.BudgetPerHour is null)
        {
            return null;
        }

        int[] other = [.. assignment];
        other[vm] = seat;
        return PlacementRules.CheckRate(problem, other, 0, terms.TimeSeconds).Refusal;
    }

    private Refusal? CheckTime(int vm, int seat, PlacementEstimate terms)
    {
        var (old, to) = (problem.Seats[assignment[vm]], problem.Seats[seat]);
        for (var site = 0; site < vcpusAt.Length; site++)
        {
            var vcpus = vcpusAt[site] - (site == old.SiteIndex ? old.Offer.Vcpus : 0) + (site == to.SiteIndex ? to.Offer.Vcpus : 0);
            if (vcpus > 0 && PlacementRules.CheckTimeAt(problem, problem.Sites[site], vcpus, terms.TimeSeconds).Refusal is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
