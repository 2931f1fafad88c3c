using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Federation.Domain.Identity;

namespace Federation.Sensor.Live;

/// <summary>Counts frames on network interfaces of this host, by who sent them to whom. Windows are cut by <see cref="Cut"/>.</summary>
/// <remarks>
/// Which VM a tally belongs to is decided after the cut, from the addresses in it, so that a VM that comes while it runs is counted from
/// its first frame. Not safe for use by several threads.
/// </remarks>
public interface ILiveCapture : IDisposable
{
    /// <summary>The backend's name: <c>kernel</c>, <c>ring</c> or <c>pcap</c>.</summary>
    string Backend { get; }

    /// <summary>What it goes on with, where the kernel has counted on since an earlier process ended; null: it began anew, or was never cut.</summary>
    CaptureInheritance? Inherited => null;

    /// <summary>
    /// Watches exactly these points from now on: new ones are opened, those that are gone are closed (what they counted is in the next cut),
    /// the others go on without a gap. A point that cannot be opened is in the answer with its reason, and the others are watched all the same.
    /// </summary>
    ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> points);

    /// <summary>Ends the present table, begins the next, and returns everything counted since the cut before: each frame is in exactly one cut.</summary>
    CaptureCut Cut();
}

/// <summary>An interface to watch.</summary>
/// <param name="Interface">Its name on this host.</param>
/// <param name="Side">Which frames on it count.</param>
public readonly record struct CapturePoint(string Interface, CaptureSide Side);

/// <summary>Which frames on an interface count.</summary>
public enum CaptureSide
{
    /// <summary>
    /// The host's end of one VM's interface: the frames that go out of it to the VM, and those that come from the VM (for file servers). Frames
    /// between two taps of one host pass both, and are told apart by <see cref="FrameTally.Towards"/>.
    /// </summary>
    Tap,

    /// <summary>A bridge, or an uplink: every frame that passes, in either direction, once.</summary>
    Bridge,
}

/// <summary>Why a point is not watched.</summary>
/// <param name="Point">The point.</param>
/// <param name="Reason">For people: what failed, and what to do.</param>
public readonly record struct CapturePointFault(CapturePoint Point, string Reason);

/// <summary>Everything counted between two cuts.</summary>
/// <param name="Tallies">One for each key; in no order.</param>
/// <param name="Dropped">Frames that passed and could not be counted, as far as the kernel tells; 0: the cut is exact.</param>
public sealed record CaptureCut(IReadOnlyList<FrameTally> Tallies, long Dropped)
{
    /// <summary>
    /// Points whose interface has gone since the cut before: they are closed, what they counted is in here, and the others go on. One that
    /// comes back has to be given to <see cref="ILiveCapture.Watch"/> again.
    /// </summary>
    public ImmutableArray<CapturePointFault> Lost { get; init; } = [];

    /// <summary>One more than that of the cut before, even if another process made it; 0 where a capture ends with its process.</summary>
    public long Number { get; init; }
}

/// <summary>What a capture goes on with that an earlier process began.</summary>
/// <param name="Before">The last cut of that process, which ended perhaps before it had kept it.</param>
/// <param name="BeforeBegun">Since when its frames had been counted, by that process's clock.</param>
/// <param name="Begun">When that cut was made: since then the frames of the next one are counted, without a gap.</param>
public sealed record CaptureInheritance(CaptureCut Before, DateTimeOffset BeforeBegun, DateTimeOffset Begun);

/// <summary>Frames with the same key.</summary>
/// <param name="Interface">Where they passed.</param>
/// <param name="Towards">Whether they went out of the interface (toward the VM of a tap) or came in by it.</param>
/// <param name="SourceMac">The Ethernet sender.</param>
/// <param name="DestinationMac">The Ethernet receiver: a VM's, broadcast or multicast.</param>
/// <param name="Source">The IP sender; <see cref="AddressKind.None"/> if it was not IP.</param>
/// <param name="Destination">The IP receiver; <see cref="AddressKind.None"/> if it was not IP.</param>
/// <param name="Packets">Frames.</param>
/// <param name="Bytes">Their original lengths together.</param>
public readonly record struct FrameTally(
    string Interface,
    bool Towards,
    Address SourceMac,
    Address DestinationMac,
    Address Source,
    Address Destination,
    long Packets,
    long Bytes)
{
    /// <summary>
    /// Of frames without IP addresses: at which EtherType the reading ended. 1: a length with an LLC header after it, 0: the frame ended before;
    /// IPv4's or IPv6's own: that header was cut short or damaged. 0 for all others.
    /// </summary>
    public ushort Protocol { get; init; }
}

/// <summary>Sizes of live capture, and its clock.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>The most combinations of interface, direction and addresses between two cuts; frames of further ones are told as dropped. Default 65,536.</summary>
    /// <remarks>The kernel backend takes about 290 bytes + 32 bytes for each processor apiece, at once; the others as they are needed.</remarks>
    [Range(1, 1 << 24)]
    public int Capacity { get; init; } = 1 << 16;

    /// <summary>Bytes of the buffer of each point, which holds frames' headers until they are counted; the kernel backend has none. Default 4 MiB.</summary>
    /// <remarks>Some 190 bytes a frame: 4 MiB hold some 22,000 frames, for every point apart; a frame whose tunnel is looked into takes up to 650.</remarks>
    [Range(1 << 19, 1 << 30)]
    public int BufferBytes { get; init; } = 1 << 22;

    /// <summary>
    /// Whether frames in VXLAN and GENEVE count by what is inside: its addresses, Ethernet and IP, and its length. Default false. For uplinks of hosts whose
    /// VMs talk through such a tunnel.
    /// </summary>
    public bool Inner { get; init; }

    /// <summary>Tells when a cut is made.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
