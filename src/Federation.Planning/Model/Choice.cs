using Federation.Domain.Estimation;
using Federation.Domain.Sites;

namespace Federation.Planning.Model;

/// <summary>The seats that VMs of one kind could take. Shared by all of them; immutable.</summary>
internal sealed class Choice
{
    private readonly int[][] seatsAt;
    private readonly bool[] allows;

    /// <summary>Sorts seats by site.</summary>
    /// <param name="seats">The seats, ascending; at least one.</param>
    /// <param name="siteOf">Every seat's site.</param>
    /// <param name="siteCount">How many sites there are.</param>
    /// <param name="home">The seat that the VMs are on; less than 0: none.</param>
    public Choice(int[] seats, int[] siteOf, int siteCount, int home)
    {
        (Seats, Home) = (seats, home);
        Sites = [.. seats.Select(seat => siteOf[seat]).Distinct()];
        seatsAt = [.. Enumerable.Range(0, siteCount).Select(site => seats.Where(seat => siteOf[seat] == site).ToArray())];
        allows = new bool[siteOf.Length];
        foreach (var seat in seats)
        {
            allows[seat] = true;
        }
    }

    /// <summary>The seats, ascending.</summary>
    public int[] Seats { get; }

    /// <summary>The seat that the VMs are on now, whether or not it is one of them; less than 0: they are nowhere.</summary>
    public int Home { get; }

    /// <summary>Their sites, ascending.</summary>
    public int[] Sites { get; }

    /// <summary>Those at one site; empty if there is none.</summary>
    public int[] SeatsAt(int site) => seatsAt[site];

    /// <summary>Whether a seat is one of them.</summary>
    public bool Allows(int seat) => allows[seat];
}

/// <summary>Leaves out the seats that no best placement needs, because the same site has one that is never worse.</summary>
/// <remarks>
/// Safe for every objective and constraint: taking the other seat instead keeps all traffic and all moves, makes no VM slower, takes no
/// more of any quota, has no capacity to run out of, and never costs more; bills and core-hours do not grow when the run gets shorter. Only the
/// seat that the VM is on needs no restart: no other takes its place.
/// </remarks>
internal static class Dominance
{
    /// <summary>A VM's candidates without those that another of its candidates dominates, ascending.</summary>
    public static int[] Undominated(PlacementProblem problem, int vm)
    {
        var seats = problem.Candidates[vm];
        return [.. seats.Where(seat => !seats.Any(other => other != seat && seat != problem.CurrentSeats[vm] && Dominates(problem, problem.Seats[other], problem.Seats[seat])))];
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
