using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>What one VM received from one peer (or sent to a file server) in one window.</summary>
/// <param name="Peer">The other end's address.</param>
/// <param name="Direction">Whether the frames came from the peer or went to it.</param>
/// <param name="Packets">Frames, at least 1.</param>
/// <param name="Bytes">The frames' original lengths together.</param>
public readonly record struct TrafficRecord(Address Peer, FlowDirection Direction, long Packets, long Bytes);

/// <summary>Which way the frames of a <see cref="TrafficRecord"/> went, seen from its VM.</summary>
public enum FlowDirection : byte
{
    /// <summary>The VM received them: the rule.</summary>
    Received,

    /// <summary>The VM sent them, to an address that has no sensor (a file server, the internet).</summary>
    Sent,
}

/// <summary>Everything that one sensor counted for one VM in one window.</summary>
/// <remarks>A report without records says that the sensor watched and the VM received nothing: that is zero, not silence.</remarks>
/// <param name="Vm">The VM.</param>
/// <param name="Window">The window.</param>
/// <param name="Records">One per peer and direction, ordered by them. Compared by reference.</param>
/// <param name="Covered">How much of the window the sensor watched: (0 s, 30 s]; less than 30 s marks it partial.</param>
/// <param name="Dropped">
/// Frames that passed the sensor's host and could not be counted, as far as its kernel told; of any VM there. 0 or more.
/// </param>
/// <param name="Merged">
/// Windows in a row whose figures the sensor had to add up for lack of room, and of which this is an equal share: their sum is true, how
/// it was spread over them is not known any more. 1 (the rule): the window was counted by itself.
/// </param>
public sealed record WindowReport(
    VmId Vm, Window Window, ImmutableArray<TrafficRecord> Records, TimeSpan Covered, long Dropped = 0, int Merged = 1)
{
    private readonly TimeSpan? coveredInAll;

    /// <summary>What the sensors of all its parts watched, added up; of a single part as much as <see cref="Covered"/>.</summary>
    public TimeSpan CoveredInAll
    {
        get => coveredInAll ?? Covered;
        init => coveredInAll = value;
    }

    /// <summary>Whether the parts cover more than the window: two sensors saw the VM at once, and may have counted the same frames, unless it moved.</summary>
    public bool IsDoubled => CoveredInAll > Window.Length;

    /// <summary>Whether the sensor watched only a part of the window.</summary>
    public bool IsPartial => Covered < Window.Length;

    /// <summary>Whether every frame of the window was counted, and in this window.</summary>
    public bool IsExact => !IsPartial && Dropped == 0 && Merged == 1;
}

/// <summary>Where a report comes from, so that a repeated one is known: the sensor, its start and the report's number in it.</summary>
/// <param name="Sensor">The sensor's name, one per host.</param>
/// <param name="Boot">New at every start of the sensor.</param>
/// <param name="Sequence">Counts up from 1 within a boot.</param>
public readonly record struct ReportOrigin(string Sensor, Guid Boot, long Sequence);
