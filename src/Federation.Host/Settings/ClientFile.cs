using Federation.Domain;
using Federation.Sensor.Settings;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Host.Settings;

/// <summary>Reads the file that tells the agent of a client what to do: one with the key <c>client</c>, YAML, or JSON of the same shape.</summary>
public static class ClientFile
{
    // Hosts keep 1,500 bytes in mind; what the interface carries that has the client's address says nothing of its way.
    private const int UsualPacket = 1_500;

    // One that follows all others never begins: whoever is no host makes nobody renew keys.
    private static readonly TimeSpan NoLifetime = TimeSpan.FromDays(36_500);

    /// <summary>Whether a file is a client's.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    public static bool Is(string text, string fileName) =>
        YamlTree.Read(text, Limits.Files.OtherBytes, new(fileName)) is YamlNode.Mapping mapping && mapping.Entries.Any(entry => entry.Key == "client");

    /// <summary>Reads a client's file, and tells all of its faults at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    public static Parsed<ClientSettings> Parse(string text, string fileName)
    {
        var report = new Report(fileName);
        var root = YamlTree.Read(text, Limits.Files.OtherBytes, report);
        var section = root is null ? null : new Element(root, root.Line, "", report).AsSection(HostShapes.ClientAgent);
        var settings = section is null ? null : Read(section);
        return report.Conclude(() => settings!);
    }

    private static ClientSettings Read(Section file)
    {
        var client = file.Inner("client", HostShapes.Client);
        var settings = new ClientSettings
        {
            Servers = file.Read("server", SensorWords.Servers, []),
            Tls = file.Inner("tls", HostShapes.Tls) is { } tls ? HostFile.ReadTls(tls) : null,
            TokenFile = file.Read("tokenFile", Names.Line, ""),
            StateFolder = file.Read("state", Names.Line, ""),
            Network = client is null ? new() { Address = default } : ReadNetwork(client),
            Lan = client?.Read<string?>("lan", SensorWords.Interface!, null),
        };
        return file.Find("listen") is { } listen ? settings with { Listen = listen.Read(SensorWords.Listen, settings.Listen) } : settings;
    }

    private static NetworkSettings ReadNetwork(Section client)
    {
        var given = new NetworkSettings { Address = default, KeyLifetime = NoLifetime };
        return given with
        {
            Mtu = client.Read("mtu", HostFile.LongestPacket, UsualPacket) ?? UsualPacket,
            Port = client.Read("port", Numbers.Count.AtMost(65_535), given.Port),
            TunnelPort = client.Read("tunnelPort", Numbers.Count.AtMost(65_534), given.TunnelPort),
            DirectAbove = client.Read("directAbove", Rates.Bandwidth, given.DirectAbove),
            Window = client.Read("window", Durations.PositiveSpan, given.Window),
            Launcher = client.ReadAll("launcher", Names.Line),
        };
    }
}
