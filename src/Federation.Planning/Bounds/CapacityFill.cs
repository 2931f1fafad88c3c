using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>Seats some VMs as cheaply as rooms allow, as if every VM could have what each seat asks of the one that it suits best.</summary>
/// <remarks>
/// Rooms of seats lie within rooms of sites, so that taking the cheapest seat with room each time is best: both the smallest sum and the
/// smallest highest figure.
/// </remarks>
internal sealed class CapacityFill(CostModel model)
{
    private readonly double[] sorted = new double[model.SeatCount];
    private readonly int[] seats = new int[model.SeatCount];
    private readonly int[] roomOfSite = new int[model.SiteCount];

    /// <summary>The sum of the figures of the seats taken.</summary>
    public double Sum { get; private set; }

    /// <summary>The highest figure among them.</summary>
    public double Highest { get; private set; }

    /// <summary>Seats so many VMs; false if there is no room for all.</summary>
    /// <param name="figures">What each seat asks at least; infinite: not to be had.</param>
    /// <param name="rooms">The rooms.</param>
    /// <param name="vms">How many VMs.</param>
    public bool Fill(double[] figures, Rooms rooms, int vms)
    {
        figures.CopyTo(sorted, 0);
        rooms.OfSite.CopyTo(roomOfSite, 0);
        for (var seat = 0; seat < seats.Length; seat++)
        {
            seats[seat] = seat;
        }

        Array.Sort(sorted, seats);
        (Sum, Highest) = (0, 0);
        for (var i = 0; i < seats.Length && vms > 0 && !double.IsPositiveInfinity(sorted[i]); i++)
        {
            ref var site = ref roomOfSite[model.SiteOf[seats[i]]];
            var taken = Math.Min(vms, Math.Min(rooms.OfSeat[seats[i]], site));
            if (taken > 0)
            {
                vms -= taken;
                site -= taken;
                Sum += taken * sorted[i];
                Highest = sorted[i];
            }
        }

        return vms == 0;
    }
}

/// <summary>How many more VMs each seat, and each site in all, has room for.</summary>
internal sealed class Rooms(CostModel model)
{
    /// <summary>By seat; 0: none.</summary>
    public int[] OfSeat { get; } = new int[model.SeatCount];

    /// <summary>By site: what the quota leaves to the smallest of its offers.</summary>
    public int[] OfSite { get; } = new int[model.SiteCount];

    /// <summary>Whether so many VMs could run out of room anywhere, as of the last reading.</summary>
    public bool Bind { get; private set; }

    /// <summary>Reads what a ledger has left for so many VMs.</summary>
    public void Read(SeatLedger ledger, int vms)
    {
        Bind = false;
        Array.Clear(OfSite);
        for (var seat = 0; seat < OfSeat.Length; seat++)
        {
            var quota = Math.Max(0, ledger.RoomInQuota(seat));
            var room = Math.Max(0, Math.Min(quota, ledger.RoomOnOffer(seat)));
            OfSeat[seat] = room;
            ref var site = ref OfSite[model.SiteOf[seat]];
            site = Math.Max(site, quota);
            Bind |= room < vms;
        }
    }
}
