using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What a host is good for.</summary>
public enum HostState
{
    /// <summary>It takes VMs.</summary>
    Ready,

    /// <summary>An administrator lets no VM come; those that are there stay.</summary>
    Cordoned,

    /// <summary>An administrator lets no VM come and has those that are there leave.</summary>
    Draining,

    /// <summary>Its agent is not heard of: what runs there is not known.</summary>
    Lost,

    /// <summary>Nothing runs there, an administrator says: its VMs may be started elsewhere.</summary>
    Fenced,
}

/// <summary>A host of a site, as its agent describes it and its site's administrators will have it.</summary>
/// <param name="Name">Its name, unique in its site.</param>
/// <param name="Facts">What its agent told last.</param>
/// <param name="HeardAt">When its agent was heard of last, by the site's clock. Stored now and then only.</param>
public sealed record SiteHost(string Name, HostFacts Facts, DateTimeOffset HeardAt)
{
    /// <summary>What an administrator has ordered; null: nothing, it takes VMs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostMark? Mark { get; init; }

    /// <summary>Since when its agent is not heard of, once that was told; null: it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LostSince { get; init; }

    /// <summary>What it is good for. One that is fenced stays so until an administrator takes that back, heard of or not.</summary>
    [JsonIgnore]
    public HostState State => Mark is { Order: HostState.Fenced } ? HostState.Fenced : LostSince is not null ? HostState.Lost : Mark?.Order ?? HostState.Ready;

    /// <summary>What its VMs may have in all.</summary>
    [JsonIgnore]
    public HostUse Size => new(Facts.Vcpus, Facts.MemoryBytes, Facts.DiskBytes);
}

/// <summary>What an administrator has ordered of a host.</summary>
/// <param name="Order">Cordoned, draining or fenced.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
public sealed record HostMark(HostState Order, string By, DateTimeOffset At);

/// <summary>Amounts of a host. Negative: more is taken than there is.</summary>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory, bytes.</param>
/// <param name="DiskBytes">Disks, bytes.</param>
public readonly record struct HostUse(long Vcpus, long MemoryBytes, long DiskBytes)
{
    /// <summary>Whether none is negative.</summary>
    [JsonIgnore]
    public bool IsWithin => Vcpus >= 0 && MemoryBytes >= 0 && DiskBytes >= 0;

    /// <summary>As <c>2 vCPUs, 4 GiB of memory and 20 GiB of disk</c>.</summary>
    public override string ToString() => $"{Vcpus} vCPUs, {RefusalText.Amount(MemoryBytes)} of memory and {RefusalText.Amount(DiskBytes)} of disk";

    /// <summary>Both together.</summary>
    public static HostUse operator +(HostUse a, HostUse b) => new(a.Vcpus + b.Vcpus, a.MemoryBytes + b.MemoryBytes, a.DiskBytes + b.DiskBytes);

    /// <summary>What is left of the one without the other.</summary>
    public static HostUse operator -(HostUse a, HostUse b) => new(a.Vcpus - b.Vcpus, a.MemoryBytes - b.MemoryBytes, a.DiskBytes - b.DiskBytes);
}
