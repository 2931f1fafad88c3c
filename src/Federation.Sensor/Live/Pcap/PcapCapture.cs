using System.Collections.Immutable;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Reading;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Pcap;

/// <summary>Counts in this process what libpcap hands over: the fallback where neither of the others may run.</summary>
/// <remarks>Needs CAP_NET_RAW and libpcap. A point that is down cannot be opened.</remarks>
internal sealed class PcapCapture : ILiveCapture
{
    private readonly FeedReader reader;
    private readonly PointSet<PcapPoint> points;

    /// <summary>Starts the reading thread.</summary>
    /// <param name="options">Sizes.</param>
    /// <exception cref="IOException">The system refused; the message says why.</exception>
    public PcapCapture(LiveCaptureOptions options)
    {
        if (!LibPcap.IsInstalled)
        {
            throw new IOException("libpcap is not installed (Debian: libpcap0.8)");
        }

        // Tried at once, since only a point would find out otherwise.
        PacketSocket.Open().Dispose();
        reader = new FeedReader(options.Capacity, "pcap reader");
        points = new PointSet<PcapPoint>((point, found) => Open(point, found, options), Close);
    }

    /// <inheritdoc/>
    public string Backend => CaptureBackends.Pcap;

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

    private PcapPoint Open(CapturePoint point, EthernetInterface found, LiveCaptureOptions options)
    {
        var opened = PcapPoint.Open(point, found, options.BufferBytes);
        reader.Add(opened.Out);
        reader.Add(opened.In);
        return opened;
    }

    private void Close(CapturePoint point, EthernetInterface found, PcapPoint held)
    {
        reader.Close(held.Out);
        reader.Close(held.In);
    }
}
