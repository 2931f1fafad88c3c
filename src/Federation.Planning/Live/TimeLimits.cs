using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>By how much a placement exceeds what time and money allow: deadline, budget, reservations that end, core-hours.</summary>
internal sealed class TimeLimits
{
    /// <summary>A missing link cannot be lived with a little: it weighs more than any excess of a limit does.</summary>
    public const double WeightOfMissingLink = 10;

    private readonly Limits limits;
    private readonly int[] timed;

    /// <summary>Reads a problem's limits.</summary>
    public TimeLimits(CostModel model)
    {
        limits = model.Limits;
        timed = [.. Enumerable.Range(0, model.SiteCount).Where(site =>
            !double.IsPositiveInfinity(limits.SecondsAt[site]) || !double.IsPositiveInfinity(limits.CoreSecondsAt[site]))];
    }

    /// <summary>The sum of the shares by which limits are exceeded; exactly 0 if none is. O(sites with a limit).</summary>
    /// <param name="seconds">time(p).</param>
    /// <param name="money">cost(p).</param>
    /// <param name="room">What is taken at each site.</param>
    /// <param name="from">A site that a VM leaves besides; -1: none.</param>
    /// <param name="fromVcpus">Its vCPUs there, negative.</param>
    /// <param name="to">A site that it comes to; -1: none.</param>
    /// <param name="toVcpus">Its vCPUs there.</param>
    public double Excess(double seconds, double money, RoomUse room, int from, int fromVcpus, int to, int toVcpus)
    {
        var excess = Over(seconds, limits.Seconds) + Over(money, limits.Money);
        foreach (var site in timed)
        {
            var vcpus = room.VcpusAt[site] + (site == from ? fromVcpus : 0) + (site == to ? toVcpus : 0);
            if (vcpus > 0)
            {
                excess += Over(seconds, limits.SecondsAt[site]) + Over(vcpus * seconds, limits.CoreSecondsAt[site]);
            }
        }

        return excess;
    }

    private static double Over(double needed, double most) => needed > most ? (needed - most) / Math.Max(most, 1) : 0;
}
