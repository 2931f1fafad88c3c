using Federation.Sensor.Live.Points;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Live.Pcap;

/// <summary>A point's two feeds: the frames that go out of it and those that come in.</summary>
internal sealed record PcapPoint(PcapFeed Out, PcapFeed In)
{
    /// <summary>Opens both.</summary>
    /// <exception cref="IOException">libpcap or the system refused.</exception>
    public static PcapPoint Open(CapturePoint point, EthernetInterface found, int bufferBytes)
    {
        try
        {
            var device = PcapInterface.GetAllPcapInterfaces().FirstOrDefault(each => each.Name == found.Name)
                ?? throw new IOException("libpcap does not see this interface");
            var isPromiscuous = point.Side == CaptureSide.Bridge;
            var outgoing = PcapFeed.Open(device, isPromiscuous, found.Index, towards: true, bufferBytes);
            try
            {
                return new PcapPoint(outgoing, PcapFeed.Open(device, isPromiscuous, found.Index, towards: false, bufferBytes));
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
