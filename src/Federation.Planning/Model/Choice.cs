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
    public Choice(int[] seats, int[] siteOf, int siteCount)
    {
        Seats = seats;
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

    /// <summary>Their sites, ascending.</summary>
    public int[] Sites { get; }

    /// <summary>Those at one site; empty if there is none.</summary>
    public int[] SeatsAt(int site) => seatsAt[site];

    /// <summary>Whether a seat is one of them.</summary>
    public bool Allows(int seat) => allows[seat];
}
