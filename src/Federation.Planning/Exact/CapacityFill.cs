using Federation.Planning.Model;

namespace Federation.Planning.Exact;

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
