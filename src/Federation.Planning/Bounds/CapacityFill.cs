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
internal sealed class Rooms
{
    private readonly CostModel model;
    private readonly bool[] isLimited;
    private readonly int[] fewestVcpus;
    private readonly long[] leastMemory;

    /// <summary>Nothing read.</summary>
    public Rooms(CostModel model)
    {
        this.model = model;
        (OfSeat, OfSite) = (new int[model.SeatCount], new int[model.SiteCount]);
        isLimited = [.. model.Problem.Room.MostAt.Select(most => !most.IsUnlimited)];
        var offers = model.Problem.Seats.ToLookup(seat => seat.SiteIndex, seat => seat.Offer);
        fewestVcpus = [.. Enumerable.Range(0, model.SiteCount).Select(site => offers[site].Min(offer => offer.Vcpus))];
        leastMemory = [.. Enumerable.Range(0, model.SiteCount).Select(site => offers[site].Min(offer => offer.MemoryBytes))];
    }

    /// <summary>By seat; 0: none.</summary>
    public int[] OfSeat { get; }

    /// <summary>By site: what its room leaves to VMs as small as any of its offers in each amount.</summary>
    public int[] OfSite { get; }

    /// <summary>Whether so many VMs could run out of room anywhere, as of the last reading.</summary>
    public bool Bind { get; private set; }

    /// <summary>Reads what a ledger has left for so many VMs.</summary>
    public void Read(SeatLedger ledger, int vms)
    {
        Bind = false;
        for (var site = 0; site < OfSite.Length; site++)
        {
            OfSite[site] = isLimited[site] ? Clamped(ledger.LeftAt(site).RoomFor(fewestVcpus[site], leastMemory[site])) : int.MaxValue;
        }

        for (var seat = 0; seat < OfSeat.Length; seat++)
        {
            var room = Math.Max(0, ledger.RoomOnOffer(seat));
            if (isLimited[model.SiteOf[seat]])
            {
                var offer = model.Problem.Seats[seat].Offer;
                room = Math.Min(room, Clamped(ledger.LeftAt(model.SiteOf[seat]).RoomFor(offer.Vcpus, offer.MemoryBytes)));
            }

            OfSeat[seat] = room;
            Bind |= room < vms;
        }
    }

    private static int Clamped(long room) => (int)Math.Clamp(room, 0, int.MaxValue);
}
