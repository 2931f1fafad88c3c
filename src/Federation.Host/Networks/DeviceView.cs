using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>Looks at a host's network devices and at what they were told.</summary>
/// <param name="programs">Asks.</param>
internal sealed class DeviceView(HostPrograms programs)
{
    private static readonly ImmutableArray<string> PortsOfAll = ["bridge", "-j", "-d", "link", "show"];

    /// <summary>All devices.</summary>
    /// <exception cref="DriverException">A program cannot be started, or failed.</exception>
    public async Task<IReadOnlyList<Device>> Devices(CancellationToken cancel) => RulesReading.Read<Device>(await programs.Do(["ip", "-j", "-d", "link", "show"], cancel));

    /// <summary>The ports of all bridges.</summary>
    /// <exception cref="DriverException">A program cannot be started, or failed.</exception>
    public async Task<IReadOnlyCollection<BridgePort>> Ports(CancellationToken cancel) => RulesReading.Ports(await programs.Do(PortsOfAll, cancel));

    /// <summary>What is in the sets of nftables.</summary>
    /// <exception cref="DriverException">A program cannot be started, or failed.</exception>
    public async Task<FilterSets> Sets(CancellationToken cancel) => FilterSets.Read(await Task.WhenAll(
        programs.Do(["nft", "-j", "list", "sets", "netdev"], cancel),
        programs.Do(["nft", "-j", "list", "maps", "netdev"], cancel),
        programs.Do(["nft", "-j", "list", "sets", "bridge"], cancel)));

    /// <summary>What the devices of a segment were told.</summary>
    /// <param name="vni">The segment.</param>
    /// <param name="sets">What is in the sets of nftables.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="DriverException">A program cannot be started, or failed, as where there are none.</exception>
    public async Task<SegmentRules> Rules(int vni, FilterSets sets, CancellationToken cancel)
    {
        var bridge = DeviceNames.Bridge(vni);
        var printed = await Task.WhenAll(
            programs.Do(["bridge", "-j", "fdb", "show", "br", bridge], cancel),
            programs.Do(["ip", "-j", "neigh", "show", "dev", bridge, "nud", "permanent"], cancel),
            programs.Do(PortsOfAll, cancel));
        return RulesReading.Of(vni, printed[0], printed[1], RulesReading.Ports(printed[2]), sets);
    }

    /// <summary>The longest packet of the interface that has an address.</summary>
    /// <exception cref="DriverException">None has it.</exception>
    public async Task<int> MtuOf(Address address, CancellationToken cancel) => (await Having(address, cancel)).Mtu;

    /// <summary>The name of the interface that has an address.</summary>
    /// <exception cref="DriverException">None has it.</exception>
    public async Task<string> DeviceOf(Address address, CancellationToken cancel) => (await Having(address, cancel)).Ifname;

    /// <summary>The share of each tap, as nftables has it.</summary>
    /// <exception cref="DriverException">A program cannot be started, or failed.</exception>
    public async Task<Dictionary<string, string>> Shares(CancellationToken cancel) => FilterSets.Shares(await programs.Do(["nft", "-j", "list", "maps", "bridge"], cancel));

    private async Task<Device> Having(Address address, CancellationToken cancel)
    {
        var found = RulesReading.Read<Device>(await programs.Do(["ip", "-j", "address", "show", "to", address.ToString()], cancel)).FirstOrDefault(device => device.Ifname is not null);
        return found ?? throw new DriverException($"no interface of this host has {address}: write one of its addresses as 'address' of 'network' in the agent's file");
    }
}

/// <summary>A network device, as <c>ip -j -d link show</c> has it.</summary>
/// <param name="Ifname">Its name.</param>
/// <param name="Mtu">Its longest packet, bytes.</param>
/// <param name="Master">The bridge that it is a port of; null: none.</param>
/// <param name="Ifalias">What somebody noted of it; null: nothing.</param>
/// <param name="Linkinfo">What kind it is; null: it is nothing special.</param>
internal sealed record Device(string Ifname, int Mtu, string? Master, string? Ifalias, DeviceKind? Linkinfo);

/// <summary>The kind of a device.</summary>
/// <param name="InfoData">Its settings; null: it has none.</param>
internal sealed record DeviceKind([property: JsonPropertyName("info_data")] DeviceSettings? InfoData);

/// <summary>The settings of the end of VXLAN tunnels; null for other devices.</summary>
/// <param name="Local">This end's address, IPv4.</param>
/// <param name="Local6">This end's address, IPv6.</param>
/// <param name="Port">The UDP port.</param>
internal sealed record DeviceSettings(string? Local, string? Local6, int? Port)
{
    /// <summary>Whether these are the settings of an end of tunnels.</summary>
    public bool IsEnd(string address, int port) => (Local ?? Local6) == address && Port == port;
}
