using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>How far a VM is with a place at a site.</summary>
public enum AllocationState
{
    /// <summary>The place is kept for a time; it is given back by itself unless it is confirmed.</summary>
    Reserved,

    /// <summary>The place is kept until it is given back: its VM starts, or is on its way.</summary>
    Confirmed,

    /// <summary>The VM is here.</summary>
    Occupied,

    /// <summary>The VM is here and on its way to another site.</summary>
    Leaving,
}

/// <summary>One VM's place at a site, as it was admitted. What it takes stays the same, whatever becomes of the offer.</summary>
/// <param name="Vm">The VM; its tenant's quota counts it.</param>
/// <param name="Offer">The offer's name.</param>
/// <param name="Vcpus">The offer's vCPUs at admission.</param>
/// <param name="MemoryBytes">The offer's memory at admission.</param>
/// <param name="Reservation">What the place is kept for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Migrates">Whether it arrives by a live migration, which the site's policy limits.</param>
/// <param name="Since">When its place was kept; from its arrival on, when it arrived: the begin of the stay that core-hours are counted over.</param>
/// <param name="CoreHours">The core-hours that it is planned to use, 0 or more.</param>
/// <param name="ExpiresAt">When a place that is only reserved is given back by itself, by the site's clock; null in every other state.</param>
public sealed record Allocation(
    VmRef Vm,
    string Offer,
    int Vcpus,
    long MemoryBytes,
    ReservationId Reservation,
    AllocationState State,
    bool Migrates,
    DateTimeOffset Since,
    double CoreHours,
    DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The residency tags that the VM asks for, as it was admitted. Compared by reference.</summary>
    public ImmutableSortedSet<string> Residency { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>The migration by which it leaves; null: it does not.</summary>
    public MigrationId? LeavesBy { get; init; }

    /// <summary>The host that its place is on; null: the site has no hosts, or nobody knows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }

    /// <summary>What its disks take of the host, bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DiskBytes { get; init; }

    /// <summary>The place on another host of the site, or on another offer, to which it moves: it counts on both; null: it moves to none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NextHost? Next { get; init; }

    /// <summary>What it takes of its host.</summary>
    [JsonIgnore]
    public HostUse Takes => new(Vcpus, MemoryBytes, DiskBytes);

    /// <summary>What it takes of each host that it counts on.</summary>
    [JsonIgnore]
    public IEnumerable<(string Host, HostUse Takes)> OnHosts => Hosts.Select(host => (host, host == Host || Next?.Offer is not { } offer ? Takes : new(offer.Vcpus, offer.MemoryBytes, DiskBytes)));

    /// <summary>The hosts that it counts on, none twice.</summary>
    [JsonIgnore]
    public IEnumerable<string> Hosts => new[] { Host, Next?.Host }.OfType<string>();

    /// <summary>Whether it is leaving the site, and not only its host.</summary>
    [JsonIgnore]
    public bool LeavesSite => State == AllocationState.Leaving && !MovesWithin;

    /// <summary>Whether the migration by which it leaves its host, or its offer, ends at the same site.</summary>
    [JsonIgnore]
    public bool MovesWithin => LeavesBy is not null && Next?.Reservation.Step == LeavesBy;

    /// <summary>Whose quota it counts against.</summary>
    [JsonIgnore]
    public TenantId Tenant => Vm.Application.Tenant;

    /// <summary>Whether its VM is at the site.</summary>
    [JsonIgnore]
    public bool IsHere => State is AllocationState.Occupied or AllocationState.Leaving;

    /// <summary>Whether it has run out: it counts no more, whether or not anybody has taken it off the ledger yet.</summary>
    public bool HasExpired(DateTimeOffset now) => State == AllocationState.Reserved && ExpiresAt <= now;

    /// <summary>The core-hours used so far in this stay; 0 before the VM is here.</summary>
    public double CoreHoursUsed(DateTimeOffset now) => IsHere ? Vcpus * Math.Max(0, (now - Since).TotalHours) : 0;

    /// <summary>What it counts for: its amounts, and the core-hours planned or used, whichever are more; while it restarts on another offer, those of both.</summary>
    public Occupancy CountedAt(DateTimeOffset now) => new Occupancy(Vcpus, MemoryBytes, 1, Math.Max(CoreHours, CoreHoursUsed(now)))
        + (Next is { Offer: { } offer } next && !next.HasExpired(now) ? new(offer.Vcpus, offer.MemoryBytes, 1, offer.CoreHours) : default);

    /// <summary>Whether it has, or gets, a place of an offer.</summary>
    public bool IsOn(string offer) => Offer == offer || Next?.Offer?.Name == offer;
}

/// <summary>A VM's place on another host of the same site, or on another offer, while it moves there.</summary>
/// <param name="Host">The host; null: the site has none.</param>
/// <param name="Reservation">What it is kept for: the migration.</param>
/// <param name="State">How far it is: reserved, confirmed, or occupied once the VM runs there and its old place is not given back yet.</param>
/// <param name="ExpiresAt">When one that is only reserved is given back by itself; null otherwise.</param>
public sealed record NextHost(string? Host, ReservationId Reservation, AllocationState State, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The offer on which it restarts; null: it keeps its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NextOffer? Offer { get; init; }

    /// <summary>Whether it has run out.</summary>
    public bool HasExpired(DateTimeOffset now) => State == AllocationState.Reserved && ExpiresAt <= now;
}

/// <summary>The offer on which a VM restarts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Vcpus">Its vCPUs at admission.</param>
/// <param name="MemoryBytes">Its memory at admission.</param>
/// <param name="CoreHours">The core-hours that the VM is planned to use on it, 0 or more.</param>
public sealed record NextOffer(string Name, int Vcpus, long MemoryBytes, double CoreHours);
