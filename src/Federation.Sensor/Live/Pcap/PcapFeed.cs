using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Federation.Sensor.Live.Reading;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;
using Microsoft.Win32.SafeHandles;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Live.Pcap;

/// <summary>The frames that pass an interface in one direction, through libpcap, which does not tell a frame's direction.</summary>
/// <remarks>
/// Windows are cut by libpcap's count of frames, as those of a ring are. The filter is set on libpcap's socket and not through libpcap, which
/// would apply it once more to the frames of its first block, where the direction is no longer known, and lose them all.
/// </remarks>
internal sealed unsafe class PcapFeed : IFrameFeed
{
    private const int ReadMilliseconds = 100;

    /// <summary>As many are read at once: whoever wants to cut must get his turn however fast frames come.</summary>
    private const int MostFrames = 10_000;

    private readonly LibPcapLiveDevice device;
    private readonly int index;
    private readonly bool towards;
    private readonly FrameKeyReader keys;
    private uint received;
    private uint dropped;
    private long early;
    private long stored;
    private long mark;
    private long read;
    private GCHandle self;
    private TallyTable? before;
    private TallyTable? after;

    private PcapFeed(LibPcapLiveDevice device, int index, bool towards, FrameKeyReader keys)
    {
        (this.device, this.index, this.towards, this.keys) = (device, index, towards, keys);
        self = GCHandle.Alloc(this);
    }

    /// <inheritdoc/>
    public int Descriptor { get; private init; }

    /// <inheritdoc/>
    public bool IsReadToMark => read >= mark;

    /// <summary>Opens an interface, one way.</summary>
    /// <param name="found">The interface.</param>
    /// <param name="isPromiscuous">Whether frames for others count.</param>
    /// <param name="index">Its number.</param>
    /// <param name="towards">Whether to take the frames that go out of it, or those that come in.</param>
    /// <param name="options">Bytes of the kernel's buffer, and what to read of a frame.</param>
    /// <exception cref="PcapException">libpcap refused.</exception>
    /// <exception cref="IOException">The system refused.</exception>
    public static PcapFeed Open(PcapInterface found, bool isPromiscuous, int index, bool towards, LiveCaptureOptions options)
    {
        var device = new LibPcapLiveDevice(found);
        var keys = new FrameKeyReader(options.Inner);
        try
        {
            device.Open(new DeviceConfiguration
            {
                Mode = isPromiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
                Snaplen = keys.Snap,
                BufferSize = options.BufferBytes,
                ReadTimeout = ReadMilliseconds,
                Immediate = false,
            });
            device.NonBlockingMode = true;
            var feed = new PcapFeed(device, index, towards, keys) { Descriptor = LibPcap.DescriptorOf(device.Handle) };
            using var socket = new SafeFileHandle(feed.Descriptor, ownsHandle: false);
            SnapFilter.Keep(socket, keys.Snap, towards);
            feed.Begin();
            return feed;
        }
        catch (Exception fault) when (fault is PcapException or IOException)
        {
            device.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Mark()
    {
        var statistics = device.Statistics;
        var lost = unchecked(statistics.DroppedPackets - dropped);
        stored += unchecked(statistics.ReceivedPackets - received) - lost;
        (received, dropped) = (statistics.ReceivedPackets, statistics.DroppedPackets);
        mark = stored;
        return lost;
    }

    /// <inheritdoc/>
    public void Unmark() => mark = 0;

    /// <inheritdoc/>
    public void ReadInto(TallyTable before, TallyTable after)
    {
        (this.before, this.after) = (before, after);
        _ = LibPcap.Dispatch(device.Handle, MostFrames, &Take, GCHandle.ToIntPtr(self));
    }

    /// <summary>Closes it; what was not read is lost.</summary>
    public void Dispose()
    {
        device.Dispose();
        self.Free();
    }

    [UnmanagedCallersOnly]
    private static void Take(nint user, byte* header, byte* data) =>
        Unsafe.As<PcapFeed>(GCHandle.FromIntPtr(user).Target!).Count((FrameHeader*)header, data);

    private void Count(FrameHeader* frame, byte* data)
    {
        if (early > 0)
        {
            early--;
            return;
        }

        var tunnel = keys.Read(new ReadOnlySpan<byte>(data, (int)frame->Kept), index, towards, out var key);
        (read < mark ? before : after)!.Count(in key, frame->Length - tunnel);
        read++;
    }

    /// <summary>Has the frames left out that came before the filter: there may be some of the other direction among them.</summary>
    private void Begin()
    {
        _ = Mark();
        (early, stored, mark) = (stored, 0, 0);
    }

    /// <summary>What libpcap tells of a frame: pcap_pkthdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FrameHeader
    {
        public readonly nint Seconds;
        public readonly nint Microseconds;
        public readonly uint Kept;
        public readonly uint Length;
    }
}

/// <summary>Functions of libpcap that SharpPcap has and keeps to itself, or wraps at a greater cost for each frame.</summary>
internal static unsafe class LibPcap
{
    private static readonly string[] Names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];
    private static readonly nint Library = Names.Select(Load).FirstOrDefault(handle => handle != 0);

    private static readonly delegate* unmanaged<nint, int> SelectableDescriptor =
        (delegate* unmanaged<nint, int>)Function("pcap_get_selectable_fd");

    private static readonly delegate* unmanaged<nint, int, delegate* unmanaged<nint, byte*, byte*, void>, nint, int> DispatchFrames =
        (delegate* unmanaged<nint, int, delegate* unmanaged<nint, byte*, byte*, void>, nint, int>)Function("pcap_dispatch");

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => Library != 0;

    /// <summary>The descriptor that becomes readable when there are frames.</summary>
    public static int DescriptorOf(PcapHandle device) => SelectableDescriptor(device.DangerousGetHandle());

    /// <summary>Hands over frames that are there.</summary>
    /// <param name="device">The device, which must not wait for frames.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="take">Takes what it was given as <paramref name="user"/>, pcap_pkthdr, and the frame.</param>
    /// <param name="user">Anything.</param>
    /// <returns>How many there were; negative if the device failed.</returns>
    public static int Dispatch(PcapHandle device, int most, delegate* unmanaged<nint, byte*, byte*, void> take, nint user) =>
        DispatchFrames(device.DangerousGetHandle(), most, take, user);

    private static nint Load(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;

    private static nint Function(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
