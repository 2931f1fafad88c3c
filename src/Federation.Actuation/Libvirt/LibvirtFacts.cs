using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Libvirt;

/// <summary>What a host's libvirt says that it can.</summary>
internal static partial class LibvirtFacts
{
    /// <summary>Asks it.</summary>
    /// <exception cref="DriverException">It does not answer.</exception>
    public static async Task<HypervisorFacts> Ask(Virsh virsh, CancellationToken cancel)
    {
        var version = await virsh.Do(["version"], cancel);
        var best = XDocument.Parse(await virsh.Do(["domcapabilities"], cancel)).Root!;
        var all = XDocument.Parse(await virsh.Do(["capabilities"], cancel)).Root!;
        var isEmulated = best.Element("domain")?.Value != "kvm";
        var architecture = best.Element("arch")!.Value;
        return new()
        {
            Driver = "libvirt",
            Version = string.Join(", ", Versions().Matches(version).Select(match => match.Groups[1].Value)),
            IsEmulated = isEmulated,
            Architectures = [architecture],
            CpuModels = Models(best),
            Machines = Machines(all, architecture, best.Element("machine")!.Value),
            MovesLive = true,
            NeedsImage = true,
            HoldsAtSwitch = false,
            KeepsSent = false,
            MovesDisks = false,
            Remarks =
            [
                "It does not hold at the switch: libvirt lets nobody in between the end of the copy and the destination. The destination stays paused until it is told to run.",
                "A source ends with the transfer: if the destination is lost before it runs, the VM is lost.",
                "Disks are on storage that all hosts have; user data for cloud-init is not supported.",
                "That a VM lives is told by its processors alone; its network is not asked.",
                .. isEmulated ? ["Processors are emulated: VMs get an odd size of memory, up to 8 KiB more, since QEMU before 9.0 else loses writes while they are moved."] : Array.Empty<string>(),
            ],
        };
    }

    private static ImmutableArray<string> Models(XElement capabilities) =>
    [
        .. capabilities.Element("cpu")!.Elements("mode").Where(mode => (string?)mode.Attribute("name") == "custom")
            .Elements("model").Where(model => (string?)model.Attribute("usable") != "no").Select(model => model.Value),
    ];

    // The default first, then the newest of each kind.
    private static ImmutableArray<string> Machines(XElement capabilities, string architecture, string standard) =>
    [
        .. capabilities.Elements("guest").Elements("arch").Where(arch => (string?)arch.Attribute("name") == architecture).Elements("machine")
            .Select(machine => machine.Value).Where(name => Numbered().IsMatch(name)).Distinct()
            .OrderByDescending(name => name == standard).ThenByDescending(name => Version.Parse(Numbered().Match(name).Value)).ThenBy(name => name, StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^(?:Using library|Running hypervisor): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Versions();

    [GeneratedRegex(@"\d+\.\d+$")]
    private static partial Regex Numbered();
}
