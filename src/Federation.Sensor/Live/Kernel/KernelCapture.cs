using System.Collections.Immutable;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Kernel;

/// <summary>Counts inside the kernel: a socket filter adds to a table and lets no frame be copied.</summary>
/// <remarks>
/// One program and one table for all points, a packet socket for each. Needs CAP_NET_RAW for every point, and CAP_BPF only for
/// <see cref="KernelCapture(int)"/>. A point that is down is watched from when it comes up.
/// </remarks>
internal sealed class KernelCapture : ILiveCapture
{
    private const int SocketLevel = 1;
    private const int AttachProgram = 50;

    private readonly CountingMaps maps;
    private readonly BpfProgram program;
    private readonly PointSet<PacketSocket> points;

    /// <summary>Loads the program.</summary>
    /// <param name="capacity">The most keys between two cuts; frames of further ones are told as dropped.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    public KernelCapture(int capacity)
    {
        maps = new CountingMaps(capacity);
        try
        {
            program = BpfProgram.Load(CountingProgram.For(maps.Holder, Processors.AreRealTime()));
        }
        catch (IOException)
        {
            maps.Dispose();
            throw;
        }

        points = new PointSet<PacketSocket>(Open, socket => socket.Dispose());
    }

    private KernelCapture(int capacity, int[] descriptors)
    {
        program = BpfProgram.Adopt(descriptors[0]);
        maps = new CountingMaps(capacity, descriptors[1..]);
        points = new PointSet<PacketSocket>(Open, socket => socket.Dispose());
    }

    /// <summary>Takes over what this process loaded before it was executed again; null if it was not.</summary>
    /// <param name="capacity">As it was loaded with.</param>
    public static KernelCapture? Adopt(int capacity)
    {
        if (KernelHandover.Descriptors is not { } descriptors)
        {
            return null;
        }

        KernelHandover.Keep(descriptors);
        return new KernelCapture(capacity, descriptors);
    }

    /// <summary>Executes this process again with CAP_NET_RAW alone; does not return if that works. Nothing may be watched yet.</summary>
    /// <exception cref="IOException">It does not work.</exception>
    public void DropPrivilege() => KernelHandover.Execute([(int)program.Handle.DangerousGetHandle(), .. maps.Descriptors]);

    /// <inheritdoc/>
    public string Backend => CaptureBackends.Kernel;

    /// <inheritdoc/>
    public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> wanted) => points.Watch(wanted);

    /// <inheritdoc/>
    public CaptureCut Cut()
    {
        var lost = points.CloseLost();
        var cut = new CutBuilder(points.Names);
        maps.DrainTo(cut);
        points.Forget();
        return cut.Build(lost);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        points.Clear();
        program.Dispose();
        maps.Dispose();
    }

    private PacketSocket Open(CapturePoint point, EthernetInterface found)
    {
        var socket = PacketSocket.Open();
        try
        {
            socket.Set(SocketLevel, AttachProgram, (int)program.Handle.DangerousGetHandle(), "attaching the counting program");
            if (point.Side == CaptureSide.Bridge)
            {
                socket.MakePromiscuous(found.Index);
            }

            socket.Bind(found.Index);
            return socket;
        }
        catch (IOException)
        {
            socket.Dispose();
            throw;
        }
    }
}
