using System.Collections.Immutable;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Reading;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Ring;

/// <summary>Counts in this process what the kernel puts into a ring of memory for each point, without an allocation for a frame.</summary>
/// <remarks>Needs CAP_NET_RAW. A point that is down is watched from when it comes up.</remarks>
internal sealed class RingCapture : ILiveCapture
{
    private readonly FeedReader reader;
    private readonly PointSet<FrameRing> points;

    /// <summary>Starts the reading thread.</summary>
    /// <param name="options">Sizes.</param>
    /// <exception cref="IOException">The system refused; the message says why.</exception>
    public RingCapture(LiveCaptureOptions options)
    {
        // Tried at once, since only a point would find out otherwise.
        using (var trial = PacketSocket.Open())
        {
            RingMemory.Map(trial, 1).Dispose();
        }

        reader = new FeedReader(options.Capacity, "ring reader");
        points = new PointSet<FrameRing>((point, found) => Open(point, found, options), (_, _, ring) => reader.Close(ring));
    }

    /// <inheritdoc/>
    public string Backend => CaptureBackends.Ring;

    /// <inheritdoc/>
    public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> wanted) => points.Watch(wanted);

    /// <inheritdoc/>
    public CaptureCut Cut()
    {
        var lost = points.CloseLost();
        var cut = new CutBuilder(points.Names);
        reader.CutTo(cut);
        points.Forget();
        return cut.Build(lost);
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private FrameRing Open(CapturePoint point, EthernetInterface found, LiveCaptureOptions options)
    {
        var ring = FrameRing.Open(point, found, options);
        reader.Add(ring);
        return ring;
    }
}
