using Federation.Domain.Estimation;
using Federation.Domain.Sites;

namespace Federation.Planning.Model;

/// <summary>Leaves out the seats that no best placement needs, because the same site has one that is never worse.</summary>
/// <remarks>
/// Safe for every objective and constraint: taking the other seat instead keeps all traffic and all moves, makes no VM slower, takes no
/// more of any quota, has no capacity to run out of, and never costs more; bills and core-hours do not grow when the run gets shorter.
/// </remarks>
internal static class Dominance
{
    /// <summary>A VM's candidates without those that another of its candidates dominates, ascending.</summary>
    public static int[] Undominated(PlacementProblem problem, int vm)
    {
        var seats = problem.Candidates[vm];
        return [.. seats.Where(seat => !seats.Any(other => other != seat && Dominates(problem, problem.Seats[other], problem.Seats[seat])))];
    }

    private static bool Dominates(PlacementProblem problem, Seat a, Seat b) =>
        a.SiteIndex == b.SiteIndex
        && !(a.Offer.Available < problem.VmCount)
        && NeverWorse(a.Offer, b.Offer, problem.View.Now)
        && (a.Index < b.Index || b.Offer.Available < problem.VmCount || !NeverWorse(b.Offer, a.Offer, problem.View.Now));

    private static bool NeverWorse(Offer a, Offer b, DateTimeOffset now) =>
        a.Speed >= b.Speed && a.Vcpus <= b.Vcpus && a.MemoryBytes <= b.MemoryBytes && NeverDearer(a.Price, b.Price, now);

    // Both are steps, so that comparing them wherever one of them steps compares them everywhere.
    private static bool NeverDearer(PriceSchedule a, PriceSchedule b, DateTimeOffset now) =>
        a.Entries.Concat(b.Entries).Select(entry => entry.From).Where(from => from > now).Append(now)
            .All(instant => a.At(instant) <= b.At(instant));
}
