using Federation.Actuation.Simulated;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Sensor.Settings;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Host.Settings;

/// <summary>Reads the file that tells a host's agent what to do: YAML, or JSON of the same shape.</summary>
public static class HostFile
{
    // By the key that names the hypervisor.
    private static readonly OrderedDictionary<string, Func<Section, string, HypervisorChoice>> Hypervisors = new()
    {
        ["simulator"] = ReadSimulator,
    };

    // Where nothing could be read: there was a fault, and no settings are made.
    private static readonly HypervisorChoice.Simulator StandIn = new(new SimulatedDriverOptions { Directory = "", Host = "" });

    private static readonly ScalarType<string> HostName = Names.Label.That(
        name => HostPost.FaultOf(name) is null, "is no name for a host that has an agent", "write a name such as host1");

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
            Hypervisor = ReadHypervisor(file, host),
        };
        settings = file.Find("boot") is { } boot ? settings with { BootFile = boot.Read(Names.Line, settings.BootFile) } : settings;
        return file.Find("listen") is { } listen ? settings with { Listen = listen.Read(SensorWords.Listen, settings.Listen) } : settings;
    }

    private static HypervisorChoice ReadHypervisor(Section file, string host)
    {
        var named = Hypervisors.Keys.Where(key => file.Find(key) is not null).ToList();
        if (named.Count != 1)
        {
            file.Element.Refuse(
                named.Count == 0 ? "names no hypervisor" : $"names {string.Join(" and ", named)}: a host has one hypervisor",
                $"write one of {string.Join(", ", Hypervisors.Keys)}");
        }

        return named is [var one, ..] ? Hypervisors[one](file, host) : StandIn;
    }

    private static HypervisorChoice.Simulator ReadSimulator(Section file, string host)
    {
        var stand = StandIn.Options with { Host = host };
        return file.Inner("simulator", HostShapes.Simulator) is not { } simulator ? new(stand) : new(stand with
        {
            Directory = simulator.Read("directory", Names.Line, ""),
            BytesPerSecond = (long)simulator.Read("bandwidth", Rates.Bandwidth, stand.BytesPerSecond),
            DirtyBytesPerSecond = (long)simulator.Read("dirty", Rates.BytesPerSecond, stand.DirtyBytesPerSecond),
        });
    }

    private static SizeSettings ReadSize(Section size) => new(
        size.ReadOptional("vcpus", Numbers.Count), size.ReadOptional("memory", Sizes.PositiveBytes), size.ReadOptional("disk", Sizes.PositiveBytes));

    private static TlsFiles ReadTls(Section tls)
    {
        var (certificate, key) = (tls.Read<string?>("certificate", Names.Line!, null), tls.Read<string?>("key", Names.Line!, null));
        if (tls.Find("certificate") is null != tls.Find("key") is null)
        {
            tls.Element.Refuse("has one of certificate and key without the other", "write both, or none: then no certificate is shown");
        }

        return new(tls.Read("authority", Names.Line, ""), certificate, key);
    }
}
