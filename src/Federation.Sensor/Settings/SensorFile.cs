using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Sensor.Settings;

/// <summary>Reads the file that tells a sensor what to do: YAML, or JSON of the same shape.</summary>
public static class SensorFile
{
    /// <summary>Reads a sensor's file, and tells all of its faults at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    public static Parsed<SensorSettings> Parse(string text, string fileName)
    {
        var report = new Report(fileName);
        var root = YamlTree.Read(text, Limits.Files.OtherBytes, report);
        var section = root is null ? null : new Element(root, root.Line, "", report).AsSection(SensorShapes.Sensor);
        var settings = section is null ? null : Read(section);
        return report.Conclude(() => settings!);
    }

    private static SensorSettings Read(Section file)
    {
        var discover = file.Inner("discover", SensorShapes.Discover);
        var settings = new SensorSettings
        {
            Sensor = file.Read("sensor", Names.Label, ""),
            Servers = file.Read("server", SensorWords.Servers, []),
            Tls = file.Inner("tls", SensorShapes.Tls) is { } tls ? ReadTls(tls) : null,
            TokenFile = file.Read("tokenFile", Names.Line, ""),
            StateFolder = file.Read("state", Names.Line, ""),
            Capture = ReadCapture(file),
            Vms = ReadVms(file),
            AskService = discover?.ReadOptional("service", SensorWords.Interval),
            Libvirt = discover?.Inner("libvirt", SensorShapes.Libvirt) is { } libvirt ? ReadLibvirt(libvirt) : null,
            FileServers = [.. file.ReadAll("fileServers", Names.Address)],
            SentOutside = file.Read("sentOutside", SensorWords.Truth, true),
            SpoolBytes = file.Inner("spool", SensorShapes.Spool)?.Read("size", SpoolSize, 256L << 20) ?? 256L << 20,
            BatchSize = file.Read("batch", Numbers.Count.That(count => count <= 10_000, "is more than 10000", "write e.g. 500"), 500),
        };
        if (file.Find("vms") is null && discover is null)
        {
            file.Refuse("vms", "is missing, and so is 'discover'", "list VMs, or say where to ask for them: discover: { service: 5s }");
        }

        return file.Find("listen") is { } listen
            ? settings with { Listen = listen.Read(SensorWords.Listen, settings.Listen) }
            : settings;
    }

    private static ScalarType<long> SpoolSize { get; } = Sizes.PositiveBytes.That(
        bytes => bytes >= 1 << 20 && bytes <= 1L << 40, "is not from 1MiB to 1TiB", "write e.g. 256MiB");

    private static TlsFiles ReadTls(Section tls)
    {
        var (certificate, key) = (tls.Read<string?>("certificate", Names.Line!, null), tls.Read<string?>("key", Names.Line!, null));
        if (tls.Find("certificate") is null != tls.Find("key") is null)
        {
            tls.Element.Refuse("has one of certificate and key without the other", "write both, or none: then no certificate is shown");
        }

        return new(tls.Read("authority", Names.Line, ""), certificate, key);
    }

    private static CaptureSettings ReadCapture(Section file)
    {
        var none = new CaptureSettings { Kind = CaptureKind.Taps, Interfaces = [] };
        if (file.Inner("capture", SensorShapes.Capture) is not { } capture)
        {
            return none;
        }

        var bridge = capture.Read<string?>("bridge", SensorWords.Interface!, null);
        var uplink = capture.Read<string?>("uplink", SensorWords.Interface!, null);
        var taps = capture.ReadAll("taps", SensorWords.Tap);
        capture.RefuseEmpty("taps", "write at least one, such as vnet*");
        var hasTaps = capture.Find("taps") is not null;
        var hasBridge = capture.Find("bridge") is not null;
        if (hasTaps ? hasBridge || capture.Find("uplink") is not null : !hasBridge && capture.Find("uplink") is null)
        {
            capture.Element.Refuse(
                hasTaps ? "has taps and another interface: frames would be counted twice" : "has nothing to watch",
                "write one of bridge (with the uplink that is one of its ports), taps, or uplink alone");
        }

        return none with
        {
            Kind = hasTaps ? CaptureKind.Taps : hasBridge ? CaptureKind.Bridge : CaptureKind.Uplink,
            Interfaces = hasTaps ? taps : [bridge ?? uplink ?? ""],
            BridgeUplink = hasBridge ? uplink : null,
            Backend = capture.Read("backend", SensorWords.Backend, "auto"),
            Options = new LiveCaptureOptions
            {
                Capacity = capture.Read("capacity", Numbers.Count.That(count => count <= 1 << 24, "is more than 16777216", "write e.g. 65536"), 1 << 16),
                Inner = capture.Read("inner", SensorWords.Truth, false),
            },
            Sample = capture.Read("sample", SensorWords.Sample, none.Sample),
        };
    }

    private static LibvirtSettings ReadLibvirt(Section libvirt) => new(
        libvirt.Read("uri", Names.Line, "qemu:///system"),
        libvirt.Read("every", SensorWords.Interval, TimeSpan.FromSeconds(10)),
        libvirt.Read("separator", Names.Label, "."));

    private static ImmutableArray<LocalVm> ReadVms(Section file)
    {
        var owners = new Dictionary<Address, VmRef>();
        var names = new HashSet<VmRef>();
        return [.. file.Sections("vms", SensorShapes.Vm).Select(section => ReadVm(section, names, owners))];
    }

    private static LocalVm ReadVm(Section section, HashSet<VmRef> names, Dictionary<Address, VmRef> owners)
    {
        var vm = new VmRef(section.Read("application", Names.ApplicationOfTenant, default), section.Read("vm", Names.Vm, default));
        if (vm.Vm != default && !names.Add(vm))
        {
            section.Refuse("vm", "is there twice", "name every VM once");
        }

        var addresses = section.ReadAll("addresses", Names.Address);
        foreach (var address in addresses.Where(address => !owners.TryAdd(address, vm)))
        {
            section.Refuse("addresses", $"holds {address} of VM {owners[address]}", "give every address to one VM, once");
        }

        var tap = section.Read<string?>("tap", SensorWords.Interface!, null);
        if (section.Find("tap") is null && (section.Find("addresses") is null || addresses.IsEmpty))
        {
            section.Refuse("addresses", "is missing, and so is 'tap'", "write how the VM is known: its MAC or IP addresses, or its tap");
        }

        return new LocalVm(vm, addresses, tap);
    }
}
