using PacketDotNet;

namespace Federation.Sensor.Captures;

/// <summary>The link types whose first header can be read.</summary>
internal static class LinkLayer
{
    /// <summary>Refuses a capture of any other link type.</summary>
    /// <exception cref="CaptureException">Always, for another link type.</exception>
    public static void Require(LinkLayers link, string path)
    {
        if (!IsSupported(link))
        {
            throw new CaptureException(
                path, $"link type {link} is not supported; Ethernet, Linux cooked (SLL, SLL2) and raw IP are");
        }
    }

    private static bool IsSupported(LinkLayers link) => link is
        LinkLayers.Ethernet or LinkLayers.LinuxSll or LinkLayers.LinuxSll2 or
        LinkLayers.Raw or LinkLayers.RawLegacy or LinkLayers.IPv4 or LinkLayers.IPv6;
}
