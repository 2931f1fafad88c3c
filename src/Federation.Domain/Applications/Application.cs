using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Groups;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;

namespace Federation.Domain.Applications;

/// <summary>What an application wants most.</summary>
public enum Objective
{
    /// <summary>The smallest bill.</summary>
    Cost,

    /// <summary>The earliest end.</summary>
    Time,

    /// <summary>To fill what is free or paid for first, on the fewest sites, with the least stranded.</summary>
    Utilization,
}

/// <summary>A distributed program on a virtual cluster, as its owner described it. Immutable: a change replaces it whole.</summary>
/// <remarks>Holds collections, so that two applications are compared by reference.</remarks>
public sealed record Application
{
    /// <summary>Whose it is and its name; from a file: of no incarnation.</summary>
    public required AppId Id { get; init; }

    /// <summary>Whose it is.</summary>
    [JsonIgnore]
    public TenantId Tenant => Id.Tenant;

    /// <summary>What it wants most.</summary>
    public required Objective Objective { get; init; }

    /// <summary>How long it may still run, from the moment of planning, moves included; null: no limit.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What it may still cost, in the federation's currency, moves included; null: no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>What its offers together may cost an hour at any instant of its run, in the federation's currency; null: no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? BudgetPerHour { get; init; }

    /// <summary>What a tonne of CO2e counts, in the federation's currency: a part of what offers cost it, in bills and budgets alike; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? CarbonPrice { get; init; }

    /// <summary>Sites that none of its VMs may be at, whatever else lets them; usually empty.</summary>
    public ImmutableSortedSet<SiteId> Without { get; init; } = [];

    /// <summary>Where it would have VMs; usually empty.</summary>
    public ImmutableArray<Preference> Prefer { get; init; } = [];

    /// <summary>When none of its VMs begins to move, unless there is no other way; usually empty.</summary>
    public ImmutableArray<ArrivalWindow> Quiet { get; init; } = [];

    /// <summary>Run time still needed where the VMs are, or on the reference core if they are nowhere yet. More than zero.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The share of communication that hides behind compute, [0, 1). Default 0.</summary>
    public double Overlap { get; init; }

    /// <summary>Packets that stream back to back for each wait, at least 1; null: waits are told by bytes and small packets (<see cref="Traffic.Waits"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PacketsPerExchange { get; init; }

    /// <summary>The share of the objective that a migration has to gain, [0, 1). Default 0.05.</summary>
    public double Margin { get; init; } = 0.05;

    /// <summary>How many times what its moves cost a migration has to gain, that cost already taken off; 0 or more. Default 0.</summary>
    public double MovingMargin { get; init; }

    /// <summary>How far predictions for it are off, as a share of them, as its fit found; a gain within it is none. [0, 1), default 0.</summary>
    public double PredictionError { get; init; }

    /// <summary>
    /// Under <see cref="Objective.Utilization"/>, how much longer than its remaining time it may run, as a share, 0 or more: the harm that a better
    /// use of capacity may do to it. Default 0.25: a quarter longer.
    /// </summary>
    public double HarmLimit { get; init; } = 0.25;

    /// <summary>How long its traffic is kept; null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>What it exchanges data with that stays where it is: file servers, licence servers, its users' site. Names and addresses unique.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; init; } = [];

    /// <summary>The network that its addresses are of, under a name that all on it agree on; null: the one of its tenant's own.</summary>
    public string? Network { get; init; }

    /// <summary>The range from which VMs that name no address get one on the overlay; null: see <see cref="Subnet.For"/>.</summary>
    public Subnet? Subnet { get; init; }

    /// <summary>How its communication groups are found. Default: as its traffic and its objective suggest.</summary>
    public DetectionPolicy Detection { get; init; } = new();

    /// <summary>The images that its VMs start from, by names that are unique.</summary>
    public ImmutableArray<GuestImage> Images { get; init; } = [];

    /// <summary>What live moves of its VMs have to keep to.</summary>
    public MoveLimits Moves { get; init; } = new();

    /// <summary>How its VMs may be moved cold; null: not at all.</summary>
    public ColdMoves? ColdMoves { get; init; }

    /// <summary>How its VMs may change to another offer of their site; null: a VM keeps its offer while it stays at its site.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Restarts? Restarts { get; init; }

    /// <summary>Whether a VM that is lost with its host may be started anew elsewhere. Default false: its owner decides.</summary>
    public bool Restart { get; init; }

    /// <summary>Its virtual cluster; at least one VM, names and addresses unique, in the file's order.</summary>
    public required ImmutableArray<VmSpec> Vms { get; init; }

    /// <summary>Affinity: sets of VMs that have to be at one site each. Where moves lead, not in between: VMs move one by one.</summary>
    public ImmutableArray<ImmutableArray<VmId>> Together { get; init; } = [];

    /// <summary>Anti-affinity: sets of VMs that have to be spread over sites. Where moves lead, as for <see cref="Together"/>.</summary>
    public ImmutableArray<Spread> Apart { get; init; } = [];
}

/// <summary>VMs that must not all be lost with one site. Compared by reference.</summary>
/// <param name="Vms">The VMs, each once.</param>
/// <param name="Sites">Over how many sites they are spread at least; as many as there are VMs: each has a site of its own.</param>
public sealed record Spread(ImmutableArray<VmId> Vms, int Sites)
{
    /// <summary>The most of them that may be at one site, at least 1; null: as many as the number of sites lets be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MostAtOne { get; init; }

    /// <summary>Over how many sites so many VMs are at least, if no more than some of them may be at one.</summary>
    public static int SitesFor(int vms, int mostAtOne) => (vms + mostAtOne - 1) / mostAtOne;
}

/// <summary>One VM of an application, as its owner described it. Holds collections: compared by reference.</summary>
public sealed record VmSpec
{
    /// <summary>Its name.</summary>
    public required VmId Id { get; init; }

    /// <summary>Where it is reached; unique in the application.</summary>
    public ImmutableArray<Address> Addresses { get; init; } = [];

    /// <summary>The vCPUs that it needs, at least 1.</summary>
    public required int Vcpus { get; init; }

    /// <summary>The memory that it needs, and that a migration sends; more than 0.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>How fast it rewrites its memory, bytes per second; 0 or more.</summary>
    public double DirtyBytesPerSecond { get; init; }

    /// <summary>Where it runs already; null: nowhere yet.</summary>
    public Location? At { get; init; }

    /// <summary>Residency tags that its site must offer, all of them.</summary>
    public ImmutableSortedSet<string> Residency { get; init; } = [];

    /// <summary>The sites it may be at; null: any.</summary>
    public ImmutableSortedSet<SiteId>? Sites { get; init; }

    /// <summary>Where it is to be reached from outside its network; null: nowhere.</summary>
    public PublicWish? Public { get; init; }

    /// <summary>What it starts from; null: that is left to the hypervisor, as by the simulator.</summary>
    public VmGuest? Guest { get; init; }

    /// <summary>What of it a site looks at.</summary>
    [JsonIgnore]
    public VmNeeds Needs => new(Vcpus, MemoryBytes, Residency, Sites) { Hardware = Guest?.Hardware, DiskBytes = Guest?.DiskBytes ?? 0 };

    /// <summary>What a move sends of its disks, bytes, what is written meanwhile left aside.</summary>
    [JsonIgnore]
    public double DiskBytesSent => Guest?.Disks.Sum(disk => (double)disk.SentBytes) ?? 0;

    /// <summary>How fast it writes its disks, bytes per second.</summary>
    [JsonIgnore]
    public double DiskBytesWrittenPerSecond => Guest?.Disks.Sum(disk => disk.WrittenBytesPerSecond) ?? 0;
}
