using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>Counts inside the kernel: a socket filter adds to a table and lets no frame be copied.</summary>
/// <remarks>
/// One program and one table for all points, a packet socket for each. Needs CAP_NET_RAW for every point, and CAP_BPF only for
/// <see cref="KernelCapture(LiveCaptureOptions)"/>. A point that is down is watched from when it comes up. As long as somebody holds its
/// files open the kernel counts, and another process can go on with them.
/// </remarks>
internal sealed class KernelCapture : ILiveCapture
{
    private const int SocketLevel = 1;
    private const int DetachFilter = 27;
    private const int AttachProgram = 50;

    private readonly TimeProvider time;
    private readonly string kind;
    private readonly CountingMaps maps;
    private readonly BpfProgram program;
    private readonly PointSet<PacketSocket> points;
    private DescriptorStore? store;

    /// <summary>Loads the program.</summary>
    /// <param name="options">How many keys between two cuts, and what tells the time.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    public KernelCapture(LiveCaptureOptions options)
    {
        (time, kind) = (options.Time, KindOf(options));
        maps = new CountingMaps(options.Capacity, time.GetUtcNow());
        try
        {
            program = BpfProgram.Load(CountingProgram.For(Number(maps.Holder.Handle), Processors.AreRealTime(), options.Inner));
        }
        catch (IOException)
        {
            maps.Dispose();
            throw;
        }

        points = new PointSet<PacketSocket>(Open, Close);
    }

    private KernelCapture(LiveCaptureOptions options, CountingMaps maps, BpfProgram program)
    {
        (time, kind, this.maps, this.program) = (options.Time, KindOf(options), maps, program);
        points = new PointSet<PacketSocket>(Open, Close);
    }

    /// <inheritdoc/>
    public string Backend => CaptureBackends.Kernel;

    /// <inheritdoc/>
    public CaptureInheritance? Inherited { get; private init; }

    /// <summary>Everything that the kernel needs to count on.</summary>
    public ImmutableArray<KeptFile> Files =>
    [
        new(NameOf("program", kind), Number(program.Handle)),
        .. maps.Files.Select(file => new KeptFile(NameOf(file.Name, kind), Number(file.Map.Handle))),
        .. points.All.Select(entry => PointFile.Of(entry.Point, entry.Interface, entry.Held)),
    ];

    /// <summary>Goes on with what an earlier process has left open.</summary>
    /// <param name="files">What it left, among other things.</param>
    /// <param name="options">The tables have to be as large as these say.</param>
    /// <returns>The capture; null if some of its parts are not there, or are of another version or size.</returns>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static KernelCapture? Adopt(IReadOnlyCollection<KeptFile> files, LiveCaptureOptions options)
    {
        if (!AreWhole(files, options))
        {
            return null;
        }

        var byName = files.ToDictionary(file => file.Name, file => file.Descriptor);
        var kind = KindOf(options);
        BpfMap Map(string part) => BpfMap.Adopt(byName[NameOf(part, kind)]);
        var maps = new CountingMaps(Map("holder"), Map("table"), Map("table-too"));
        var found = files.Select(PointFile.Parse).OfType<PointFile>().ToArray();
        var before = new CutBuilder(found.ToDictionary(point => point.Interface.Index, point => point.Interface.Name));
        var stamp = maps.ReadLastTo(before);
        var capture = new KernelCapture(options, maps, BpfProgram.Adopt(byName[NameOf("program", kind)]))
        {
            Inherited = InheritanceOf(before, stamp, maps.CurrentStamp),
        };
        foreach (var point in found)
        {
            capture.points.Adopt(point.Point, point.Interface, PacketSocket.Adopt(point.Descriptor));
        }

        return capture;
    }

    /// <summary>Whether <see cref="Adopt"/> can go on with these.</summary>
    public static bool AreWhole(IEnumerable<KeptFile> files, LiveCaptureOptions options) =>
        files.Select(file => file.Name).Intersect(Parts.Select(part => NameOf(part, KindOf(options)))).Count() == Parts.Length;

    /// <summary>Has the service manager keep everything open from now on, for the next process.</summary>
    public void KeepIn(DescriptorStore manager)
    {
        store = manager;
        foreach (var file in Files)
        {
            store.Keep(file);
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> wanted) => points.Watch(wanted);

    /// <inheritdoc/>
    public CaptureCut Cut()
    {
        var lost = points.CloseLost();
        var cut = new CutBuilder(points.Names);
        maps.Exchange(time.GetUtcNow());
        var stamp = maps.ReadLastTo(cut);
        points.Forget();
        return cut.Build(lost) with { Number = stamp.Number };
    }

    /// <summary>Gives everything back; what a service manager keeps counts on.</summary>
    public void Dispose()
    {
        foreach (var entry in points.All)
        {
            entry.Held.Dispose();
        }

        program.Dispose();
        maps.Dispose();
        store?.Dispose();
    }

    private static string[] Parts => ["program", "holder", "table", "table-too"];

    private static string NameOf(string part, string kind) => $"{part}.{kind}";

    // With the program's sum: one of another version may have other keys in its tables.
    private static string KindOf(LiveCaptureOptions options)
    {
        var program = CountingProgram.For(holder: 0, Processors.AreRealTime(), options.Inner);
        var sum = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<BpfInstruction>(program)))[..16];
        return string.Create(CultureInfo.InvariantCulture, $"{options.Capacity}.{sum}");
    }

    private static CaptureInheritance? InheritanceOf(CutBuilder before, TableStamp last, TableStamp current)
    {
        if (current.Number == TableStamp.First)
        {
            // Never cut: it may have been loaded by this very process, before it executed itself again.
            return null;
        }

        // A table of another number was to be the next when the process ended.
        return last.Number == current.Number - 1
            ? new CaptureInheritance(before.Build([]) with { Number = last.Number }, last.Begun, current.Begun)
            : new CaptureInheritance(new CaptureCut([], 0), current.Begun, current.Begun);
    }

    private static int Number(SafeHandle handle) => (int)handle.DangerousGetHandle();

    private PacketSocket Open(CapturePoint point, EthernetInterface found)
    {
        var socket = PacketSocket.Open();
        try
        {
            socket.Set(SocketLevel, AttachProgram, Number(program.Handle), "attaching the counting program");
            if (point.Side == CaptureSide.Bridge)
            {
                socket.MakePromiscuous(found.Index);
            }

            socket.Bind(found.Index);
            store?.Keep(PointFile.Of(point, found, socket));
            return socket;
        }
        catch (IOException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close(CapturePoint point, EthernetInterface found, PacketSocket socket)
    {
        StopForAll(found, socket);
        store?.Forget(PointFile.Of(point, found, socket).Name);
        socket.Dispose();
    }

    // The manager, or a process that was just begun, may hold it open for a while longer.
    private static void StopForAll(EthernetInterface found, PacketSocket socket)
    {
        try
        {
            socket.Unbind(found.Index);
            socket.Set(SocketLevel, DetachFilter, 0, "detaching the counting program");
        }
        catch (IOException)
        {
            // The interface has gone: there is nothing more to count.
        }
    }
}
