using Federation.Domain.Networks;

namespace Federation.Host.Networks;

/// <summary>A segment of which this host has devices, or should have.</summary>
/// <param name="Vni">Its number.</param>
/// <param name="Segment">How the service wants it; null: it was found here after a restart, and the service has not said yet.</param>
internal sealed record HeldSegment(int Vni, Segment? Segment)
{
    /// <summary>Whether the devices are there, with the MTU of the segment.</summary>
    public bool IsMade { get; init; }

    /// <summary>Whether all of it is in force.</summary>
    public bool IsInForce { get; init; }

    /// <summary>Why not all of it is in force; null: nothing went wrong.</summary>
    public string? Fault { get; init; }

    /// <summary>The revision that the service may count on; 0: none, and it should tell all of it.</summary>
    public long Known => IsInForce ? Segment!.Revision : 0;

    /// <summary>Whether all interfaces of a VM are in it, and in force.</summary>
    public bool Has(SegmentPort port) => IsInForce && Segment!.Entries.ContainsKey(port);
}
