using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Which of a site's offers is tried first.</summary>
internal enum Preference
{
    /// <summary>The cheapest for the remaining time.</summary>
    Cheapest,

    /// <summary>The fastest.</summary>
    Fastest,

    /// <summary>The one with the fewest vCPUs.</summary>
    Smallest,
}

/// <summary>Seats a set of VMs at one site, as its rooms allow.</summary>
internal sealed class SiteFiller
{
    private readonly CostModel model;
    private readonly int[][][] preferred;

    /// <summary>Sorts every VM's candidates by every preference.</summary>
    public SiteFiller(CostModel model)
    {
        this.model = model;
        preferred = [.. Enum.GetValues<Preference>().Select(preference =>
            model.Candidates.Select(seats => seats.OrderBy(seat => Rank(preference, seat)).ThenBy(seat => seat).ToArray()).ToArray())];
    }

    /// <summary>
    /// Moves a set of VMs to a site within an assignment, each to the first seat with room in order of preference, the first of all where
    /// none has; a VM without a candidate there stays. False if nothing changed.
    /// </summary>
    public bool Fill(int[] assignment, ReadOnlySpan<int> part, int site, Preference preference)
    {
        var ledger = new SeatLedger(model.Problem);
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            if (!part.Contains(vm))
            {
                ledger.Take(assignment[vm]);
            }
        }

        var changed = false;
        foreach (var vm in part)
        {
            var seat = SeatFor(vm, site, preference, ledger) ?? assignment[vm];
            changed |= seat != assignment[vm];
            assignment[vm] = seat;
            ledger.Take(seat);
        }

        return changed;
    }

    private int? SeatFor(int vm, int site, Preference preference, SeatLedger ledger)
    {
        int? first = null;
        foreach (var seat in preferred[(int)preference][vm])
        {
            if (model.SiteOf[seat] == site)
            {
                first ??= seat;
                if (ledger.HasRoom(seat))
                {
                    return seat;
                }
            }
        }

        return first;
    }

    private double Rank(Preference preference, int seat) => preference switch
    {
        Preference.Cheapest => model.Hosting[seat].Over(model.Problem.RemainingSeconds / model.Speed[seat]),
        Preference.Fastest => -model.Speed[seat],
        _ => model.Vcpus[seat],
    };
}
