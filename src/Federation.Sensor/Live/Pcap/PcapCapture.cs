using System.Collections.Immutable;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Reading;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;
using SharpPcap;
using SharpPcap.LibPcap;

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
        var opened = PcapPoint.Open(point, found, options);
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

/// <summary>A point's two feeds: the frames that go out of it and those that come in.</summary>
internal sealed record PcapPoint(PcapFeed Out, PcapFeed In)
{
    /// <summary>Opens both.</summary>
    /// <exception cref="IOException">libpcap or the system refused.</exception>
    public static PcapPoint Open(CapturePoint point, EthernetInterface found, LiveCaptureOptions options)
    {
        try
        {
            var device = PcapInterface.GetAllPcapInterfaces().FirstOrDefault(each => each.Name == found.Name)
                ?? throw new IOException("libpcap does not see this interface");
            var isPromiscuous = point.Side == CaptureSide.Bridge;
            var outgoing = PcapFeed.Open(device, isPromiscuous, found.Index, towards: true, options);
            try
            {
                return new PcapPoint(outgoing, PcapFeed.Open(device, isPromiscuous, found.Index, towards: false, options));
            }
            catch (Exception fault) when (fault is PcapException or IOException)
            {
                outgoing.Dispose();
                throw;
            }
        }
        catch (PcapException fault)
        {
            throw new IOException($"libpcap: {fault.Message} (is the interface up?)", fault);
        }
    }
}
