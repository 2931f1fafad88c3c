using Federation.Domain.Sites;
using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>What is taken of every seat and site, and by how much that exceeds the room there is, move by move.</summary>
internal sealed class RoomUse
{
    private readonly CostModel model;
    private readonly bool peak;
    private readonly int[] most;
    private readonly long[] memory;
    private readonly RoomLimit[] mostAt;
    private readonly int[] onSeat;
    private readonly int[][] seatsAt;
    private readonly Booked[] booked;
    private int seatsExcess;
    private double siteExcess;
    private int sitesOver;

    /// <summary>Nothing taken.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="peak">
    /// Whether a VM that moves away is counted at its old seat as well: then whatever fits, fits in every order of moves.
    /// </param>
    public RoomUse(CostModel model, bool peak)
    {
        (this.model, this.peak) = (model, peak);
        var problem = model.Problem;
        most = [.. problem.Room.MostOnSeat];
        memory = [.. problem.Seats.Select(seat => seat.Offer.MemoryBytes)];
        mostAt = [.. problem.Room.MostAt];
        onSeat = new int[model.SeatCount];
        booked = new Booked[model.SiteCount];
        seatsAt = [.. Enumerable.Range(0, model.SiteCount).Select(site =>
            Enumerable.Range(0, model.SeatCount).Where(seat => model.SiteOf[seat] == site).ToArray())];
        VmsAt = new int[model.SiteCount];
        VcpusAt = new int[model.SiteCount];
        IsScarce = problem.Room.IsScarce;
    }

    /// <summary>Whether any room has a limit that the application could reach.</summary>
    public bool IsScarce { get; }

    /// <summary>VMs at each site.</summary>
    public int[] VmsAt { get; }

    /// <summary>Offers' vCPUs at each site.</summary>
    public int[] VcpusAt { get; }

    /// <summary>Sites with a VM.</summary>
    public int SitesUsed { get; private set; }

    /// <summary>vCPUs of all the seats taken.</summary>
    public int Occupied { get; private set; }

    /// <summary>How many VMs are too many, at each offer and each site; exactly 0 if none is.</summary>
    public double Excess => seatsExcess + (sitesOver > 0 ? siteExcess : 0);

    /// <summary>Counts a placement anew.</summary>
    public void Load(int[] seats)
    {
        Array.Clear(onSeat);
        Array.Clear(booked);
        Array.Clear(VmsAt);
        Array.Clear(VcpusAt);
        (SitesUsed, Occupied, seatsExcess, siteExcess, sitesOver) = (0, 0, 0, 0, 0);
        for (var vm = 0; vm < seats.Length; vm++)
        {
            Add(vm, seats[vm], 1);
            var home = model.Problem.CurrentSeats[vm];
            if (peak && home >= 0 && home != seats[vm])
            {
                Book(home, 1);
            }
        }
    }

    /// <summary>The excess, the sites used and the vCPUs taken if a VM took another seat. O(1).</summary>
    public (double Excess, int Sites, int Occupied) After(int vm, int from, int to)
    {
        var (fromSite, toSite) = (SiteOf(from), SiteOf(to));
        var sites = SitesUsed;
        if (fromSite != toSite)
        {
            sites += (fromSite >= 0 && VmsAt[fromSite] == 1 ? -1 : 0) + (toSite >= 0 && VmsAt[toSite] == 0 ? 1 : 0);
        }

        var occupied = Occupied + (to < model.SeatCount ? model.Vcpus[to] : 0) - (from < model.SeatCount ? model.Vcpus[from] : 0);
        return (IsScarce && from != to ? ExcessAfter(vm, from, to, fromSite, toSite) : Excess, sites, occupied);
    }

    /// <summary>Whether neither an offer of a site nor the site's room is exceeded.</summary>
    public bool IsWithin(int site)
    {
        foreach (var seat in seatsAt[site])
        {
            if (onSeat[seat] > most[seat])
            {
                return false;
            }
        }

        return ExcessOf(site, booked[site]) == 0;
    }

    /// <summary>Takes a move into account.</summary>
    public void Apply(int vm, int from, int to)
    {
        Add(vm, from, -1);
        Add(vm, to, 1);
        var home = model.Problem.CurrentSeats[vm];
        if (peak && home >= 0)
        {
            // It stays booked at home while it is away.
            Book(home, (from == home ? 1 : 0) - (to == home ? 1 : 0));
        }
    }

    private double ExcessAfter(int vm, int from, int to, int fromSite, int toSite)
    {
        var home = peak ? model.Problem.CurrentSeats[vm] : -1;
        var leaves = from < model.SeatCount && from != home;
        var comes = to < model.SeatCount && to != home;
        var seats = seatsExcess
            - (leaves && onSeat[from] > most[from] ? 1 : 0)
            + (comes && onSeat[to] >= most[to] ? 1 : 0);
        var (over, sum) = (sitesOver, siteExcess);
        if (fromSite == toSite && fromSite >= 0)
        {
            var then = booked[fromSite].With(leaves ? -1 : 0, Vcpus(from), Memory(from)).With(comes ? 1 : 0, Vcpus(to), Memory(to));
            Replace(fromSite, then, ref over, ref sum);
            return seats + (over > 0 ? sum : 0);
        }

        if (leaves)
        {
            Replace(fromSite, booked[fromSite].With(-1, Vcpus(from), Memory(from)), ref over, ref sum);
        }

        if (comes)
        {
            Replace(toSite, booked[toSite].With(1, Vcpus(to), Memory(to)), ref over, ref sum);
        }

        return seats + (over > 0 ? sum : 0);
    }

    private void Replace(int site, Booked then, ref int over, ref double sum)
    {
        var (before, after) = (ExcessOf(site, booked[site]), ExcessOf(site, then));
        over += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
        sum += after - before;
    }

    private void Add(int vm, int seat, int count)
    {
        if (seat == model.SeatCount)
        {
            return;
        }

        var site = model.SiteOf[seat];
        SitesUsed += (VmsAt[site] == 0 ? 1 : 0) - (VmsAt[site] + count == 0 ? 1 : 0);
        VmsAt[site] += count;
        VcpusAt[site] += count * model.Vcpus[seat];
        Occupied += count * model.Vcpus[seat];
        Book(seat, count);
    }

    private void Book(int seat, int count)
    {
        if (count == 0)
        {
            return;
        }

        seatsExcess -= Math.Max(0, onSeat[seat] - most[seat]);
        onSeat[seat] += count;
        seatsExcess += Math.Max(0, onSeat[seat] - most[seat]);
        var site = model.SiteOf[seat];
        var then = booked[site].With(count, model.Vcpus[seat], memory[seat]);
        Replace(site, then, ref sitesOver, ref siteExcess);
        booked[site] = then;
    }

    // In VMs too many, so that each one that leaves is a gain.
    private double ExcessOf(int site, Booked use)
    {
        ref readonly var limit = ref mostAt[site];
        return use.Vms <= limit.Vms && use.Vcpus <= limit.Vcpus && use.Memory <= limit.MemoryBytes
            ? 0
            : Over(use.Vms, limit.Vms, 1)
                + Over(use.Vcpus, limit.Vcpus, use.Vcpus / (double)use.Vms)
                + Over(use.Memory, limit.MemoryBytes, use.Memory / (double)use.Vms);
    }

    private static double Over(long needed, long limit, double unit) => needed > limit ? (needed - limit) / unit : 0;

    private int SiteOf(int seat) => seat < model.SeatCount ? model.SiteOf[seat] : -1;

    private int Vcpus(int seat) => seat < model.SeatCount ? model.Vcpus[seat] : 0;

    private long Memory(int seat) => seat < model.SeatCount ? memory[seat] : 0;

    private readonly record struct Booked(int Vms, int Vcpus, long Memory)
    {
        public Booked With(int count, int vcpus, long memory) => new(Vms + count, Vcpus + (count * vcpus), Memory + (count * memory));
    }
}
