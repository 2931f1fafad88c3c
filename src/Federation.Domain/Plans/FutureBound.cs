using System.Collections.Immutable;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>An instant at which something is known to happen.</summary>
/// <param name="At">When, in seconds from now.</param>
/// <param name="Until">When moves that come just in time before it have ended at the latest, in seconds from now.</param>
internal readonly record struct FutureInstant(double At, double Until);

/// <summary>What the rest of a course costs and takes at least, whatever it does.</summary>
internal sealed class FutureBound
{
    private readonly PlacementProblem problem;
    private readonly double leastRun;
    private readonly double leastTraffic;
    private readonly double leastPreference;
    private readonly double[] edges;
    private readonly double[] perSecond;
    private readonly double[] rounding;

    /// <summary>Looks at the cheapest price of each VM in every part of the time.</summary>
    public FutureBound(PlacementProblem problem, FutureWorld world, ImmutableArray<FutureInstant> instants)
    {
        this.problem = problem;
        (leastRun, leastTraffic, leastPreference) = world.Terms.IsEmpty ? (0, 0, 0)
            : (world.Terms.Min(terms => terms.RunSeconds), world.Terms.Min(terms => terms.Traffic), world.Terms.Min(terms => terms.Preference));
        edges = [0, .. instants.Select(instant => instant.At).Distinct()];
        var seats = Enumerable.Range(0, problem.VmCount).Select(vm => world.Places.Select(place => place[vm]).Distinct().ToArray()).ToArray();
        var lowest = problem.Seats.Select(seat => edges.Select((edge, i) => Lowest(seat, edge, i + 1 < edges.Length ? edges[i + 1] : double.PositiveInfinity)).ToArray()).ToArray();
        perSecond = [.. edges.Select((_, part) => seats.Sum(choice => choice.Length == 0 ? 0 : choice.Min(seat => lowest[seat][part])))];
        // The dearest second that rounding may add to a stay, times the most that it may add.
        rounding = [.. seats.Select(choice => choice.Select(seat => problem.Seats[seat]).Select(seat =>
            Highest(seat) * Math.Max(seat.Site.Billing.Increment.TotalSeconds, seat.Site.Billing.Minimum.TotalSeconds)).DefaultIfEmpty(0).Max())];
    }

    /// <summary>From an instant on, with a share of the run left and moves that take so much longer: the least money, what counts besides at least, and the earliest end.</summary>
    public (double Money, double Preference, double End) Of(double at, double share, double delay)
    {
        var end = at + delay + (share * leastRun);
        var money = share * leastTraffic;
        for (var part = 0; part < edges.Length; part++)
        {
            var until = part + 1 < edges.Length ? Math.Min(edges[part + 1], end) : end;
            money += Math.Max(0, until - Math.Max(edges[part], at)) * perSecond[part];
        }

        return (money, share * leastPreference, end);
    }

    /// <summary>How much more one course may yet be billed by rounding than another at the same placement, in currency.</summary>
    public double AtMost(double[] since, double[] otherSince, bool[] came, bool[] otherCame)
    {
        double most = 0;
        for (var vm = 0; vm < since.Length; vm++)
        {
            most += since[vm] == otherSince[vm] && came[vm] == otherCame[vm] ? 0 : rounding[vm];
        }

        return most;
    }

    // The lowest price of a part of the time, per second; what is not known yet counts as nothing.
    private double Lowest(Seat seat, double from, double until)
    {
        var entries = seat.Offer.Price.Entries;
        var lowest = double.PositiveInfinity;
        var begins = problem.View.Now.After(from);
        lowest = Math.Min(lowest, (double)(seat.Offer.Price.At(begins) ?? 0));
        foreach (var entry in entries.Where(entry => entry.From > begins && (entry.From - problem.View.Now).TotalSeconds < until))
        {
            lowest = Math.Min(lowest, (double)entry.PerHour);
        }

        return lowest / 3600;
    }

    private static double Highest(Seat seat) => (double)seat.Offer.Price.Entries.Max(entry => entry.PerHour) / 3600;
}
