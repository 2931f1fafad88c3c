using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Estimation;

/// <summary>Counts what an application takes of every seat and site, against its <see cref="RoomTable"/>.</summary>
/// <remarks>Mutable, for one search at a time; O(1) a step.</remarks>
public sealed class SeatLedger
{
    private readonly PlacementProblem problem;
    private readonly int[] taken;
    private readonly Occupancy[] occupied;

    /// <summary>An empty ledger.</summary>
    public SeatLedger(PlacementProblem problem)
    {
        this.problem = problem;
        taken = new int[problem.Seats.Length];
        occupied = new Occupancy[problem.Sites.Length];
    }

    /// <summary>A ledger with every VM that runs at its seat.</summary>
    public static SeatLedger OfRunning(PlacementProblem problem)
    {
        var ledger = new SeatLedger(problem);
        foreach (var seat in problem.CurrentSeats)
        {
            if (seat != PlacementProblem.Nowhere)
            {
                ledger.Take(seat);
            }
        }

        return ledger;
    }

    /// <summary>Whether all of some VMs, given by their seats, could still come if nobody left.</summary>
    public bool HasRoomFor(IReadOnlyCollection<int> seats)
    {
        foreach (var seat in seats)
        {
            Take(seat);
        }

        var fits = seats.Distinct().All(seat => taken[seat] <= problem.Room.MostOnSeat[seat]
            && problem.Room.MostAt[problem.Seats[seat].SiteIndex].Holds(occupied[problem.Seats[seat].SiteIndex]));
        foreach (var seat in seats)
        {
            Free(seat);
        }

        return fits;
    }

    /// <summary>Whether one more VM may take a seat.</summary>
    public bool HasRoom(int seat)
    {
        var site = problem.Seats[seat].SiteIndex;
        return taken[seat] < problem.Room.MostOnSeat[seat] && problem.Room.MostAt.ItemRef(site).Holds(occupied[site] + Of(seat));
    }

    /// <summary>How many more VMs the offer has room for, whatever its site has; 0 or less if none.</summary>
    public int RoomOnOffer(int seat) => problem.Room.MostOnSeat[seat] is var most && most == int.MaxValue ? most : most - taken[seat];

    /// <summary>What a site has left for the application; negative where it has too much.</summary>
    public RoomLimit LeftAt(int site) => problem.Room.MostAt.ItemRef(site) - occupied[site];

    /// <summary>Whether one more VM may take a seat; otherwise what it would exceed.</summary>
    public Verdict Check(int seat)
    {
        if (HasRoom(seat))
        {
            return Verdict.Feasible;
        }

        var place = problem.Seats[seat];
        return Verdict.Reject(taken[seat] >= problem.Room.MostOnSeat[seat]
            ? Refusal.CapacityOfferTaken(place.Location, problem.View.Application.Id, problem.Room.MostOnSeat[seat], taken[seat] + 1)
            : problem.Room.Refuses(place.SiteIndex, occupied[place.SiteIndex] + Of(seat)));
    }

    /// <summary>Gives a seat to a VM, whether there is room or not.</summary>
    public void Take(int seat)
    {
        taken[seat]++;
        occupied[problem.Seats[seat].SiteIndex] += Of(seat);
    }

    /// <summary>Takes a seat back.</summary>
    public void Free(int seat)
    {
        taken[seat]--;
        occupied[problem.Seats[seat].SiteIndex] -= Of(seat);
    }

    private Occupancy Of(int seat) => Occupancy.Of(problem.Seats[seat].Offer);
}
