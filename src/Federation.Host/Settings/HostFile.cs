using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Sensor.Settings;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Host.Settings;

/// <summary>Reads the file that tells a host's agent what to do: YAML, or JSON of the same shape.</summary>
public static class HostFile
{
    private static readonly ScalarType<string> HostName = Names.Label.That(
        name => HostPost.FaultOf(name) is null, "is no name for a host that has an agent", "write a name such as host1");

    private static readonly ScalarType<Address> Underlay = Names.Address.That(
        address => address.Kind != AddressKind.Mac, "is no IP address", "write where other hosts reach this one, such as 10.0.0.1");

    private static readonly ScalarType<PublicRange> Ranges = new(text => PublicRange.TryParse(text, out var range)
        ? Reading.Of(range)
        : Reading.No<PublicRange>("is no range of IPv4 addresses", $"write 203.0.113.16-203.0.113.31 or one address, at most {PublicRange.Most} addresses a range"));

    // IPv6 needs 1,280 bytes inside, 80 less than outside.
    internal static readonly ScalarType<int?> LongestPacket = new(text =>
        text == "auto" ? Reading.Of<int?>(null) : Numbers.Count.AtLeast(1_360).AtMost(65_535).Read(text).Then(number => Reading.Of<int?>(number)));

    /// <summary>Reads an agent's file, and tells all of its faults at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    public static Parsed<HostSettings> Parse(string text, string fileName)
    {
        var report = new Report(fileName);
        var root = YamlTree.Read(text, Limits.Files.OtherBytes, report);
        var section = root is null ? null : new Element(root, root.Line, "", report).AsSection(HostShapes.Host);
        var settings = section is null ? null : Read(section);
        return report.Conclude(() => settings!);
    }

    private static HostSettings Read(Section file)
    {
        var host = file.Read("host", HostName, "");
        var settings = new HostSettings
        {
            Post = new(file.Read("site", Names.Site, default), host),
            Servers = file.Read("server", SensorWords.Servers, []),
            Tls = file.Inner("tls", HostShapes.Tls) is { } tls ? ReadTls(tls) : null,
            TokenFile = file.Read("tokenFile", Names.Line, ""),
            StateFolder = file.Read("state", Names.Line, ""),
            Size = file.Inner("size", HostShapes.Size) is { } size ? ReadSize(size) : new(null, null, null),
            Network = file.Inner("network", HostShapes.Network) is { } network ? ReadNetwork(network) : null,
            Hypervisor = HypervisorFile.Read(file, host),
        };
        settings = file.Find("boot") is { } boot ? settings with { BootFile = boot.Read(Names.Line, settings.BootFile) } : settings;
        return file.Find("listen") is { } listen ? settings with { Listen = listen.Read(SensorWords.Listen, settings.Listen) } : settings;
    }

    private static SizeSettings ReadSize(Section size) => new(
        size.ReadOptional("vcpus", Numbers.Count), size.ReadOptional("memory", Sizes.PositiveBytes), size.ReadOptional("disk", Sizes.PositiveBytes));

    private static NetworkSettings ReadNetwork(Section network)
    {
        var given = new NetworkSettings { Address = network.Read("address", Underlay, default) };
        var read = given with
        {
            Mtu = network.Read("mtu", LongestPacket, given.Mtu),
            BytesPerSecond = network.ReadOptional("rate", Rates.Bandwidth),
            Port = network.Read("port", Numbers.Count.AtMost(65_535), given.Port),
            TunnelPort = network.Read("tunnelPort", Numbers.Count.AtMost(65_534), given.TunnelPort),
            KeyLifetime = network.Read("keyLifetime", Durations.PositiveSpan, given.KeyLifetime),
            Launcher = network.ReadAll("launcher", Names.Line),
            IsRelay = network.Read("relay", SensorWords.Truth, given.IsRelay),
            RelayPort = network.Read("relayPort", Numbers.Count.AtMost(65_534), given.RelayPort),
            DirectAbove = network.Read("directAbove", Rates.Bandwidth, given.DirectAbove),
            Window = network.Read("window", Durations.PositiveSpan, given.Window),
            Gateway = network.Inner("gateway", HostShapes.Gateway) is { } gateway ? ReadGateway(gateway) : null,
        };
        if (read.IsRelay && Math.Abs(read.RelayPort - read.TunnelPort) < 2)
        {
            network.Refuse("relayPort", "is one of the two ports of 'tunnelPort', or the next of its own two is", $"write {read.TunnelPort + 2}");
        }

        return read;
    }

    private static GatewaySettings ReadGateway(Section gateway)
    {
        gateway.RefuseEmpty("addresses", "write the public addresses that this host owns, such as [203.0.113.16-203.0.113.31], or leave 'gateway' out");
        return new(gateway.Read("interface", SensorWords.Interface, ""), gateway.ReadAll("addresses", Ranges));
    }

    internal static TlsFiles ReadTls(Section tls)
    {
        var (certificate, key) = (tls.Read<string?>("certificate", Names.Line!, null), tls.Read<string?>("key", Names.Line!, null));
        if (tls.Find("certificate") is null != tls.Find("key") is null)
        {
            tls.Element.Refuse("has one of certificate and key without the other", "write both, or none: then no certificate is shown");
        }

        return new(tls.Read("authority", Names.Line, ""), certificate, key);
    }
}
