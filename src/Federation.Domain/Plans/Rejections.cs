using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Finds the sites that are out of the question, and what stopped each.</summary>
public static class Rejections
{
    /// <summary>The sites that no VM could be at, by site.</summary>
    public static ImmutableArray<SiteRejection> OfAll(PlacementProblem problem) => Of(problem, StopsAll);

    /// <summary>
    /// For an application that has no placement: every site that could not hold all of it, with what stopped that, by site.
    /// </summary>
    public static ImmutableArray<SiteRejection> OfAny(PlacementProblem problem) =>
        Of(problem, (_, site) => StopsSome(problem, site));

    private static ImmutableArray<SiteRejection> Of(PlacementProblem problem, Func<PlacementProblem, int, Refusal?> against)
    {
        var rejections = ImmutableArray.CreateBuilder<SiteRejection>();
        for (var site = 0; site < problem.Sites.Length; site++)
        {
            if (against(problem, site) is { } refusal)
            {
                rejections.Add(new(problem.Sites[site].Id, refusal));
            }
        }

        return rejections.ToImmutable();
    }

    private static Refusal? StopsAll(PlacementProblem problem, int site)
    {
        var (seats, stopped) = Stopped(problem, site);
        return stopped.Count == problem.VmCount ? First(problem, seats, stopped) : null;
    }

    private static Refusal? StopsSome(PlacementProblem problem, int site)
    {
        var (seats, stopped) = Stopped(problem, site);
        return stopped.Count == 0 ? WholeOn(problem, seats, [.. Enumerable.Range(0, problem.VmCount)])
            : stopped.Count == problem.VmCount ? First(problem, seats, stopped)
            : First(problem, seats, stopped).For(stopped.Count, problem.VmCount);
    }

    private static (List<Seat> Seats, List<int> Vms) Stopped(PlacementProblem problem, int site)
    {
        var seats = problem.Seats.Where(seat => seat.SiteIndex == site).ToList();
        var vms = Enumerable.Range(0, problem.VmCount)
            .Where(vm => !seats.Any(seat => problem.Candidates[vm].Contains(seat.Index))).ToList();
        return (seats, vms);
    }

    // Of several offers the last that was tried speaks for all: what concerns the site alone is the same for each.
    private static Refusal First(PlacementProblem problem, List<Seat> seats, List<int> stopped) =>
        SeatRules.Check(problem, stopped[0], seats[^1]).Refusal!;

    // Every VM could be here by itself: would all of them together?
    private static Refusal? WholeOn(PlacementProblem problem, List<Seat> seats, List<int> vms)
    {
        Refusal? first = null;
        foreach (var filled in Fillings(problem, seats, vms))
        {
            var evaluated = filled.Assignment is { } assignment ? Evaluated.Of(problem, assignment).Verdict.Refusal : filled.Refusal;
            if (evaluated is null)
            {
                return null;
            }

            first ??= evaluated;
        }

        return first?.For(vms.Count, vms.Count);
    }

    // Cheapest, fastest and smallest offer first: if none of these works, the first refusal is the one to show.
    private static IEnumerable<(int[]? Assignment, Refusal? Refusal)> Fillings(PlacementProblem problem, List<Seat> seats, List<int> vms)
    {
        yield return Fill(problem, seats.OrderBy(seat => seat.Offer.Price.At(problem.View.Now) ?? decimal.MaxValue), vms);
        yield return Fill(problem, seats.OrderByDescending(seat => seat.Offer.Speed), vms);
        yield return Fill(problem, seats.OrderBy(seat => seat.Offer.Vcpus).ThenBy(seat => seat.Offer.MemoryBytes), vms);
    }

    private static (int[]? Assignment, Refusal? Refusal) Fill(PlacementProblem problem, IEnumerable<Seat> order, List<int> vms)
    {
        var ledger = new SeatLedger(problem);
        var seats = order.ToList();
        var assignment = new int[vms.Count];
        foreach (var vm in vms)
        {
            var able = seats.Where(seat => problem.Candidates[vm].Contains(seat.Index)).ToList();
            var seat = able.Find(seat => ledger.HasRoom(seat.Index));
            if (seat is null)
            {
                return (null, ledger.Check(able[^1].Index).Refusal);
            }

            ledger.Take(seat.Index);
            assignment[vm] = seat.Index;
        }

        return (assignment, null);
    }
}
