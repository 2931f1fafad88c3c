using System.Collections.Immutable;
using System.Net;
using Federation.Actuation.Libvirt;
using Federation.Actuation.PlugIns;
using Federation.Actuation.Qemu;
using Federation.Actuation.Simulated;
using Federation.Sensor.Settings;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Host.Settings;

/// <summary>Reads which hypervisor a host has, and how it is used: one key of the agent's file names it.</summary>
internal static class HypervisorFile
{
    private static readonly OrderedDictionary<string, Func<Section, string, HypervisorChoice>> Readers = new()
    {
        ["qemu"] = ReadQemu,
        ["libvirt"] = ReadLibvirt,
        ["plugIn"] = ReadPlugIn,
        ["simulator"] = ReadSimulator,
    };

    // Sockets in it have a bounded name, and QEMU takes a comma for the end of it.
    private static readonly ScalarType<string> Directory = Names.Line.That(
        path => path.Length <= 60 && !path.Contains(',', StringComparison.Ordinal), "is longer than 60 characters or has a comma", "write a path such as /var/lib/federation-host/vms");

    private static readonly ScalarType<string> Reached = Names.Line.That(
        text => IPAddress.TryParse(text, out _), "is no IP address", "write where other hosts reach this one, such as 10.0.0.1");

    private static readonly ScalarType<int> Port = Numbers.Count.AtMost(65_535);

    /// <summary>The hypervisor that the file names.</summary>
    /// <param name="file">The agent's file.</param>
    /// <param name="host">The host.</param>
    public static HypervisorChoice Read(Section file, string host)
    {
        var named = Readers.Keys.Where(key => file.Find(key) is not null).ToList();
        if (named.Count != 1)
        {
            file.Element.Refuse(
                named.Count == 0 ? "names no hypervisor" : $"names {string.Join(" and ", named)}: a host has one hypervisor",
                $"write one of {string.Join(", ", Readers.Keys)}");
        }

        // Where nothing could be read there was a fault, and no settings are made.
        return named is [var one, ..] && file.Inner(one, HostShapes.Hypervisors[one]) is { } section
            ? Readers[one](section, host)
            : new HypervisorChoice.Simulator(new() { Directory = "", Host = host });
    }

    private static HypervisorChoice.Qemu ReadQemu(Section qemu, string host)
    {
        var given = new QemuOptions { Directory = qemu.Read("directory", Directory, "") };
        return new(given with
        {
            Address = qemu.Read("address", Reached, given.Address),
            FirstPort = qemu.Read("firstPort", Port, given.FirstPort),
            Ports = qemu.Read("ports", Numbers.Count.AtLeast(2).AtMost(16_384), given.Ports),
            Bridge = qemu.Read<string?>("bridge", SensorWords.Interface!, null),
            Programs = qemu.Find("programs") is { } programs
                ? [.. programs.Entries().Select(entry => (entry.Key, entry.Value.Read(Names.Line, "")))]
                : given.Programs,
            ImageProgram = qemu.Read("imageProgram", Names.Line, given.ImageProgram),
            ArpProgram = qemu.Find("arping") is null ? given.ArpProgram : qemu.ReadAll("arping", Names.Line),
            Launcher = qemu.ReadAll("launcher", Names.Line),
            Emulates = qemu.Read("emulate", SensorWords.Truth, given.Emulates),
            HasObservers = qemu.Read("observers", SensorWords.Truth, given.HasObservers),
            Patience = qemu.Read("patience", Durations.PositiveSpan, given.Patience),
            LifeSign = qemu.Read("lifeSign", Durations.PositiveSpan, given.LifeSign),
            PowerDown = qemu.Read("powerDown", Durations.PositiveSpan, given.PowerDown),
            ConsoleBytes = qemu.Read("consoleLog", Sizes.PositiveBytes, given.ConsoleBytes),
        });
    }

    private static HypervisorChoice.Libvirt ReadLibvirt(Section libvirt, string host)
    {
        var given = new LibvirtOptions { Directory = libvirt.Read("directory", Names.Line, ""), Storage = libvirt.Read("storage", Names.Line, "") };
        return new(given with
        {
            Uri = libvirt.Read("uri", Names.Line, given.Uri),
            PeerUri = libvirt.Read<string?>("peer", Names.Line!, null),
            TrustsStorage = libvirt.Read("trustStorage", SensorWords.Truth, given.TrustsStorage),
            MigrateUri = libvirt.Read<string?>("memory", Names.Line!, null),
            Bridge = libvirt.Read<string?>("bridge", SensorWords.Interface!, null),
            Launcher = libvirt.ReadAll("launcher", Names.Line),
            LifeSign = libvirt.Read("lifeSign", Durations.PositiveSpan, given.LifeSign),
            PowerDown = libvirt.Read("powerDown", Durations.PositiveSpan, given.PowerDown),
            Period = libvirt.Read("find", Durations.PositiveSpan, given.Period),
        });
    }

    private static HypervisorChoice.PlugIn ReadPlugIn(Section plugIn, string host)
    {
        var given = new PlugInOptions { Program = plugIn.Read("program", Names.Line, "") };
        return new(given with
        {
            Arguments = plugIn.ReadAll("arguments", Names.Line),
            Environment = (plugIn.Find("environment")?.Entries() ?? []).ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Read(Names.Line, "")),
            CallSeconds = plugIn.Read("callTimeout", Durations.PositiveSpan, TimeSpan.FromSeconds(given.CallSeconds)).TotalSeconds,
            RunSeconds = plugIn.Read("runTimeout", Durations.PositiveSpan, TimeSpan.FromSeconds(given.RunSeconds)).TotalSeconds,
            FindSeconds = plugIn.Read("find", Durations.PositiveSpan, TimeSpan.FromSeconds(given.FindSeconds)).TotalSeconds,
        });
    }

    private static HypervisorChoice.Simulator ReadSimulator(Section simulator, string host)
    {
        var given = new SimulatedDriverOptions { Directory = simulator.Read("directory", Names.Line, ""), Host = host };
        return new(given with
        {
            BytesPerSecond = (long)simulator.Read("bandwidth", Rates.Bandwidth, given.BytesPerSecond),
            DirtyBytesPerSecond = (long)simulator.Read("dirty", Rates.BytesPerSecond, given.DirtyBytesPerSecond),
        });
    }
}
