using System.Collections.Immutable;
using System.Globalization;
using Federation.Actuation.Qemu;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Settings;

namespace Federation.Host.Networks;

/// <summary>Puts this machine on a segment by a pair of virtual interfaces: one is a port of the segment's bridge, held to its addresses as a VM's tap is, the other the machine's own.</summary>
/// <remarks>
/// Machines behind it are reached by routes: what is asked for them on the segment is answered with this machine's hardware address, and what they ask for machines of the
/// segment, by this one. So none of their hardware addresses gets into the segment.
/// </remarks>
/// <param name="settings">The machine's network; its address is the one that hosts know it by.</param>
/// <param name="lan">The interface to the machines behind it; null: there are none.</param>
/// <exception cref="Domain.Hosts.DriverException">Of every call: the kernel or one of the programs cannot, and why.</exception>
internal sealed class ClientPlumber(NetworkSettings settings, string? lan)
{
    private readonly HostPrograms programs = new(settings.Launcher);
    private readonly DeviceView view = new(new(settings.Launcher));
    private readonly Dictionary<int, int> plugged = [];
    private ImmutableSortedSet<Address> answered = [];
    private ImmutableArray<Address> behind = [];
    private bool isCertain;

    private string Below => $"{settings.Address}/{(settings.Address.Kind == AddressKind.IPv6 ? 128 : 32)}";

    /// <summary>Gets ready; what there is of an earlier run stays as it is.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        // No machine has it by itself: what is sent from it leaves by tunnels only.
        await programs.Batch("ip", [], [$"address replace {Below} dev lo"], cancel);
        await programs.Filter(ClientRuleset.Base(lan), cancel);
    }

    /// <summary>Makes the machine's interface on a segment, behind a port of the segment's bridge. There already, nothing happens.</summary>
    /// <param name="segment">The segment; its bridge is there.</param>
    /// <param name="own">The machine, as hosts are told of it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The port.</returns>
    public async Task<string> Plug(Segment segment, SegmentEntry own, CancellationToken cancel)
    {
        var (port, end) = (DeviceNames.ClientPort(segment.Vni), DeviceNames.ClientEnd(segment.Vni));
        if (plugged.GetValueOrDefault(segment.Vni) == segment.Mtu)
        {
            return port;
        }

        var names = (await view.Devices(cancel)).Select(device => device.Ifname).ToHashSet();
        await programs.Batch("ip", [],
        [
            .. names.Contains(end) ? Array.Empty<string>() :
            [
                $"link add {port} type veth peer name {end} address {own.Mac}",
                $"link set dev {port} addrgenmode none",
                $"link set dev {end} addrgenmode none",
            ],
            Text($"link set dev {port} mtu {segment.Mtu} master {DeviceNames.Bridge(segment.Vni)} up"),
            Text($"link set dev {end} mtu {segment.Mtu} up"),
            Text($"address replace {own.Addresses[0]}/{segment.Subnet.Length} dev {end}"),
        ], cancel);
        plugged[segment.Vni] = segment.Mtu;
        return port;
    }

    /// <summary>Has the machines behind this one and those of the segment reach each other; without such machines nothing happens.</summary>
    public async Task Lead(Segment segment, SegmentEntry own, CancellationToken cancel)
    {
        ImmutableSortedSet<Address> others = [.. segment.Entries.Values.Where(entry => entry != own).SelectMany(entry => entry.Addresses).Where(address => address.Kind == AddressKind.IPv4), own.Addresses[0]];
        if (lan is null || own.Addresses.Length < 2 || (isCertain && answered.SetEquals(others)))
        {
            return;
        }

        var end = DeviceNames.ClientEnd(segment.Vni);
        isCertain = false;
        await programs.Filter(ClientRuleset.Behind(own.Addresses[1..]), cancel);
        foreach (var device in new[] { end, lan })
        {
            await Write($"/proc/sys/net/ipv4/conf/{device}/forwarding", "1", cancel);
        }

        await Write($"/proc/sys/net/ipv4/neigh/{lan}/proxy_delay", "0", cancel);
        await programs.Batch("ip", ["-force"],
        [
            .. own.Addresses[1..].Select(address => $"route replace {address}/32 dev {lan}"),
            .. others.Select(address => $"neigh replace proxy {address} dev {lan}"),
            .. answered.Except(others).Select(address => $"neigh del proxy {address} dev {lan}"),
        ], cancel);
        (answered, behind, isCertain) = (others, own.Addresses[1..], true);
    }

    /// <summary>Takes the machine off a segment. Not there, nothing happens.</summary>
    public async Task Unplug(int vni, CancellationToken cancel)
    {
        var end = DeviceNames.ClientEnd(vni);
        await programs.Batch("ip", [], [.. (await view.Devices(cancel)).Where(device => device.Ifname == end).Select(device => $"link del dev {device.Ifname}")], cancel);
        await programs.Batch("ip", ["-force"], [.. answered.Select(address => $"neigh del proxy {address} dev {lan}"), .. behind.Select(address => $"route del {address}/32 dev {lan}")], cancel);
        (answered, behind, isCertain) = ([], [], false);
        plugged.Remove(vni);
    }

    /// <summary>Takes all away that <see cref="Begin"/> has made.</summary>
    public async Task End(CancellationToken cancel)
    {
        await programs.Batch("ip", ["-force"], [$"address del {Below} dev lo"], cancel);
        await programs.Filter(ClientRuleset.Nothing, cancel);
    }

    /// <summary>Something else may have changed what the kernel was told: it is told again.</summary>
    public void Doubt()
    {
        plugged.Clear();
        isCertain = false;
    }

    private Task<string> Write(string file, string text, CancellationToken cancel) => programs.Do(["tee", file], text + "\n", cancel);

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
