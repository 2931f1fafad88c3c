using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>A whole placement, feasible or not, whose standing is kept up to date move by move.</summary>
/// <remarks>
/// To try or to make a move takes O(degree of the VM), and O(log VMs) more for each peer whose run time changes. A VM may be nowhere for a while,
/// which makes it free and its traffic too. Mutable, for one search at a time. Sums drift by rounding: <see cref="Refresh"/> every
/// some thousand moves.
/// </remarks>
internal sealed class LivePlacement
{
    private readonly CostModel model;
    private readonly LinkFactors links;
    private readonly SiteExchange exchange;
    private readonly RunTimes runs;
    private readonly LinkLoads loads;
    private readonly HostingSum hosting;
    private readonly RoomUse room;
    private readonly AffinityUse affinity;
    private readonly TimeLimits limits;
    private readonly RateUse rates;
    private readonly Occupants occupants;
    private readonly StuckMoves stuck;
    private readonly int[] seats;
    private readonly int[] sites;
    private double downtime;
    private double fixedMoney;
    private double preference;
    private Standing? now;

    /// <summary>An empty placement: every VM is nowhere.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="links">Its links.</param>
    /// <param name="peak">See <see cref="RoomUse"/>.</param>
    public LivePlacement(CostModel model, LinkFactors links, bool peak)
    {
        (this.model, this.links) = (model, links);
        exchange = new(links.Width);
        (runs, loads, hosting) = (new(model, links), new(model, links), new(model));
        (room, affinity, limits, rates) = (new(model, peak), new(model, links), new(model), new(model));
        occupants = new(links.Width, model.VmCount);
        stuck = new(model, room.IsScarce && !peak);
        seats = new int[model.VmCount];
        sites = new int[model.VmCount];
        Array.Fill(seats, Nowhere);
        Refresh();
    }

    /// <summary>The seat of a VM that is nowhere.</summary>
    public int Nowhere => model.SeatCount;

    /// <summary>Each VM's seat.</summary>
    public ReadOnlySpan<int> Seats => seats;

    /// <summary>Each VM's site; one beyond the last: nowhere.</summary>
    public ReadOnlySpan<int> Sites => sites;

    /// <summary>How good it is.</summary>
    public Standing Now => now ??= Stand();

    /// <summary>Whether any capacity or quota could run out.</summary>
    public bool IsScarce => room.IsScarce;

    /// <summary>The VMs whose migrations are put in order at every step; 0 where that is not done.</summary>
    public int VmsToOrder => stuck.Counts ? seats.Length : 0;

    /// <summary>A VM that runs longest.</summary>
    public int SlowestVm => runs.Slowest;

    /// <summary>The busiest link, if the application waits for it and not for a VM.</summary>
    public (int From, int To)? Bottleneck => loads.Busiest > runs.Longest ? loads.BusiestLink : null;

    /// <summary>The VMs at a site, in no order. Valid until the next move.</summary>
    public List<int> At(int site) => occupants.At(site);

    /// <summary>Whether a VM could take a seat without anything getting fuller than it may be. O(1).</summary>
    public bool HasRoom(int vm, int seat) => !room.IsScarce || room.After(vm, seats[vm], seat).Excess <= room.Excess;

    /// <summary>Whether a site holds no more than it may. O(offers of the site).</summary>
    public bool HasRoomAt(int site) => room.IsWithin(site);

    /// <summary>Takes a whole placement.</summary>
    public void Load(ReadOnlySpan<int> assignment)
    {
        assignment.CopyTo(seats);
        Refresh();
    }

    /// <summary>Works everything out anew.</summary>
    public void Refresh()
    {
        (downtime, fixedMoney, preference) = (0, 0, 0);
        hosting.Clear();
        rates.Clear();
        for (var vm = 0; vm < seats.Length; vm++)
        {
            sites[vm] = SiteOf(seats[vm]);
            hosting.Add(seats[vm], Arrives(vm, sites[vm]), 1);
            rates.Add(seats[vm], 1);
            downtime += DowntimeOn(vm, seats[vm]);
            fixedMoney += FixedOn(vm, seats[vm]);
            preference += PreferenceAt(vm, sites[vm]);
        }

        runs.Load(seats, sites);
        loads.Load(sites);
        room.Load(seats);
        affinity.Load(sites);
        occupants.Load(sites);
        now = null;
    }

    /// <summary>How good it would be if a VM took another seat, but for <see cref="StuckIf"/>; nothing changes.</summary>
    public Standing Try(int vm, int seat)
    {
        var (from, to) = (sites[vm], SiteOf(seat));
        exchange.Read(model.Graph.Of(vm), model.Problem.Endpoints.Of[vm].AsSpan(), sites);
        var (longest, strain) = runs.After(vm, seat, from, to, exchange, sites);
        var (busiest, traffic, missing) = from == to ? (loads.Busiest, loads.Money, loads.Missing) : loads.After(from, to, exchange);
        var seconds = Math.Max(longest, busiest) + downtime - DowntimeOn(vm, seats[vm]) + DowntimeOn(vm, seat);
        var (bill, paid) = hosting.After(seconds, seats[vm], Arrives(vm, from), seat, Arrives(vm, to));
        var money = bill + traffic + fixedMoney - FixedOn(vm, seats[vm]) + FixedOn(vm, seat);
        var (excess, sitesUsed, occupied) = room.After(vm, seats[vm], seat);
        var violation = excess + affinity.After(vm, from, to) + (missing * TimeLimits.WeightOfMissingLink)
            + (seats.Length * (limits.Excess(seconds, money, room, from, -VcpusOf(seats[vm]), to, VcpusOf(seat)) + rates.Excess(seconds, seats[vm], seat)));
        return new(violation, seconds, strain, money, paid, sitesUsed, occupied) { Preference = preference - PreferenceAt(vm, from) + PreferenceAt(vm, to) };
    }

    /// <summary>How many migrations would find no room on their way if a VM took another seat. O(VMs) where that is counted.</summary>
    public int StuckIf(int vm, int seat) => stuck.After(seats, vm, seat);

    /// <summary>Gives a VM another seat.</summary>
    public void Move(int vm, int seat)
    {
        var (from, to) = (sites[vm], SiteOf(seat));
        exchange.Read(model.Graph.Of(vm), model.Problem.Endpoints.Of[vm].AsSpan(), sites);
        runs.Apply(vm, seat, from, to, exchange, sites, seats);
        if (from != to)
        {
            loads.Apply(from, to, exchange);
        }

        hosting.Add(seats[vm], Arrives(vm, from), -1);
        rates.Add(seats[vm], -1);
        rates.Add(seat, 1);
        hosting.Add(seat, Arrives(vm, to), 1);
        downtime += DowntimeOn(vm, seat) - DowntimeOn(vm, seats[vm]);
        fixedMoney += FixedOn(vm, seat) - FixedOn(vm, seats[vm]);
        preference += PreferenceAt(vm, to) - PreferenceAt(vm, from);
        room.Apply(vm, seats[vm], seat);
        affinity.Apply(vm, from, to);
        occupants.Apply(vm, from, to);
        (seats[vm], sites[vm]) = (seat, to);
        now = null;
    }

    private Standing Stand()
    {
        var seconds = Math.Max(runs.Longest, loads.Busiest) + downtime;
        var (bill, paid) = hosting.Bill(seconds);
        var money = bill + fixedMoney + loads.Money;
        var violation = room.Excess + affinity.Excess + (loads.Missing * TimeLimits.WeightOfMissingLink)
            + (seats.Length * (limits.Excess(seconds, money, room, -1, 0, -1, 0) + rates.Excess(seconds, Nowhere, Nowhere)));
        return new(violation, seconds, runs.Strain, money, paid, room.SitesUsed, room.Occupied) { Stuck = stuck.After(seats, 0, seats[0]), Preference = preference };
    }

    private int SiteOf(int seat) => seat == Nowhere ? links.Nowhere : model.SiteOf[seat];

    private int VcpusOf(int seat) => seat == Nowhere ? 0 : model.Vcpus[seat];

    private bool Arrives(int vm, int site) => site != links.Nowhere && model.Arrives(vm, site);

    private double DowntimeOn(int vm, int seat) => seat == Nowhere ? 0 : model.Downtime(vm, seat);

    private double FixedOn(int vm, int seat) => seat == Nowhere ? 0 : model.FixedBesideEndpoints(vm, seat);

    private double PreferenceAt(int vm, int site) => site == links.Nowhere ? 0 : model.Preference(vm, site);
}

/// <summary>Everything that decides how good a placement is.</summary>
/// <param name="Violation">How far from feasible; exactly 0: feasible, as far as it is looked at (the order of moves is not).</param>
/// <param name="Seconds">time(p).</param>
/// <param name="Strain">A mean of the VMs' run times in which long ones weigh most, in seconds; for searches to walk by.</param>
/// <param name="Money">cost(p), in currency.</param>
/// <param name="Paid">vCPUs that are not free.</param>
/// <param name="Sites">Sites used.</param>
/// <param name="Occupied">vCPUs of all the seats taken.</param>
internal readonly record struct Standing(double Violation, double Seconds, double Strain, double Money, int Paid, int Sites, int Occupied)
{
    /// <summary>Migrations that find no room on their way, as far as that is counted; for searches to walk by, the full check decides.</summary>
    public int Stuck { get; init; }

    /// <summary>What counts besides money, in currency.</summary>
    public double Preference { get; init; }

    /// <summary>Money, and what counts besides.</summary>
    public double Weighed => Money + Preference;

    /// <summary>The value under an objective.</summary>
    public ObjectiveValue Value(Objective objective, int neededVcpus) => objective switch
    {
        Objective.Cost => new(Weighed, Seconds, -(double)neededVcpus / Occupied),
        Objective.Time => new(Seconds, Weighed, -(double)neededVcpus / Occupied),
        _ => new(Paid, Sites, Occupied, Weighed),
    };
}
