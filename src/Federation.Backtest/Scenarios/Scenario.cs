using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Backtest.Scenarios;

/// <summary>What a backtest is about: a federation, how it changes, and the applications that come. Holds collections: compared by reference.</summary>
public sealed record Scenario
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The first instant.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>For how long applications arrive; those that are there at its end run on until they are done.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>Where all chance comes from. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>The federation, with the prices that its files give.</summary>
    public required ImmutableSortedDictionary<SiteId, Site> Sites { get; init; }

    /// <summary>How prices move around those of the files; null: they do not.</summary>
    public PriceModel? Prices { get; init; }

    /// <summary>When sites may be used, in place of what their files say.</summary>
    public ImmutableSortedDictionary<SiteId, ImmutableArray<Availability>> Reservations { get; init; } =
        ImmutableSortedDictionary<SiteId, ImmutableArray<Availability>>.Empty;

    /// <summary>When sites are gone, although they were to be there.</summary>
    public ImmutableArray<Closure> Closures { get; init; } = [];

    /// <summary>The kinds of applications; at least one.</summary>
    public required ImmutableArray<ApplicationClass> Applications { get; init; }

    /// <summary>When our policy moves.</summary>
    public MovePolicy Policy { get; init; } = new();

    /// <summary>The share of the objective that our policy wants a migration to gain. Default 0.05.</summary>
    public double Margin { get; init; } = 0.05;

    /// <summary>How many times what its moves cost our policy wants a migration to gain. Default 0.</summary>
    public double MovingMargin { get; init; }

    /// <summary>Over how long our policy averages the traffic that it has seen. Default zero: it sees the present alone.</summary>
    public TimeSpan Memory { get; init; }

    /// <summary>The first instant at which no application arrives any more.</summary>
    public DateTimeOffset End => Start + Length;

    /// <summary>The same with about so many applications, each kind in the same proportion, at least one of each.</summary>
    public Scenario WithApplications(int count)
    {
        var before = Applications.Sum(kind => kind.Count);
        return this with
        {
            Applications =
            [
                .. Applications.Select(kind => kind with { Count = Math.Max(1, (int)Math.Round((double)kind.Count * count / before)) }),
            ],
        };
    }
}

/// <summary>Prices that wander and come back: the logarithm of a price is an Ornstein-Uhlenbeck process around that of the file.</summary>
/// <param name="Volatility">The standard deviation of the logarithm in the long run; 0 or more.</param>
/// <param name="Reversion">The time in which a deviation falls to 1/e of itself; more than zero.</param>
/// <param name="Step">How often a price changes; more than zero.</param>
/// <param name="Sites">At which sites; null: at all. What is free stays free.</param>
public sealed record PriceModel(double Volatility, TimeSpan Reversion, TimeSpan Step, ImmutableSortedSet<SiteId>? Sites);

/// <summary>A site goes away and comes back.</summary>
/// <param name="Site">The site.</param>
/// <param name="From">The first instant without it.</param>
/// <param name="Until">The first instant with it again.</param>
/// <param name="Notice">How long before it is known; zero or more.</param>
public sealed record Closure(SiteId Site, DateTimeOffset From, DateTimeOffset Until, TimeSpan Notice);

/// <summary>Applications that are alike but for chance.</summary>
public sealed record ApplicationClass
{
    /// <summary>The beginning of their names.</summary>
    public required string Name { get; init; }

    /// <summary>How many; at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Whose they are.</summary>
    public TenantId Tenant { get; init; } = new("astro");

    /// <summary>What they want most.</summary>
    public Objective Objective { get; init; } = Objective.Cost;

    /// <summary>How many VMs each has.</summary>
    public required int Vms { get; init; }

    /// <summary>What every VM needs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>What every VM needs, bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>How fast every VM rewrites its memory, bytes per second.</summary>
    public double DirtyBytesPerSecond { get; init; }

    /// <summary>What a move sends of every VM's disks, bytes.</summary>
    public long DiskBytes { get; init; }

    /// <summary>How fast every VM writes its disks, bytes per second.</summary>
    public double DiskBytesPerSecond { get; init; }

    /// <summary>The least time that one runs on the reference core; drawn evenly up to <see cref="Longest"/>.</summary>
    public required TimeSpan Shortest { get; init; }

    /// <summary>The most time that one runs on the reference core.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>The share of communication that hides behind compute, [0, 1).</summary>
    public double Overlap { get; init; }

    /// <summary>Packets that stream back to back for each wait; null: waits are told by bytes and small packets.</summary>
    public double? PacketsPerExchange { get; init; }

    /// <summary>What they say to each other, phase after phase, over and over; empty: nothing.</summary>
    public ImmutableArray<TrafficPhase> Phases { get; init; } = [];
}

/// <summary>What every VM of an application sends while a phase lasts.</summary>
/// <param name="Lasts">How long it lasts on the reference core, without waiting for anybody; more than zero.</param>
/// <param name="Groups">Into how many groups the VMs fall; at least 1.</param>
/// <param name="InsideBytesPerSecond">What a VM sends to the others of its group, all together.</param>
/// <param name="BetweenBytesPerSecond">What a VM sends to the VMs of other groups, all together.</param>
/// <param name="OutsideBytesPerSecond">What a VM sends to addresses outside the application.</param>
/// <param name="PacketBytes">The mean size of a packet; more than 0.</param>
public sealed record TrafficPhase(
    TimeSpan Lasts, int Groups, double InsideBytesPerSecond, double BetweenBytesPerSecond, double OutsideBytesPerSecond, double PacketBytes);
