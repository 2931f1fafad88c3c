using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Settings;
using Federation.Sensor.Daemon;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks;

/// <summary>Sets up the way from outside into segments in the kernel. What is right already is not touched.</summary>
/// <param name="settings">The host's network.</param>
/// <param name="gateway">What it is as a gateway.</param>
/// <param name="open">Opens a socket on an interface that sends whole frames.</param>
/// <param name="clock">Tells for how long an address is here.</param>
/// <param name="log">Hears where the network outside cannot be told.</param>
internal sealed class GatewayPlumber(NetworkSettings settings, GatewaySettings gateway, Func<string, Socket> open, TimeProvider clock, ILogger log) : IGatewayPlumber
{
    // Switches and routers outside forget, or miss a frame: they are told again with each lease for so long.
    private static readonly TimeSpan AnnouncedFor = TimeSpan.FromSeconds(5);

    private readonly HostPrograms programs = new(settings.Launcher);
    private readonly DeviceView view = new(new(settings.Launcher));
    private readonly ConcurrentDictionary<Address, long> young = [];
    private readonly Dictionary<int, int> plugged = [];
    private Dictionary<int, GatewayWays>? told;
    private Address? mac;
    private readonly LastFault announceFault = new();

    private string Outside => gateway.Interface;

    /// <inheritdoc/>
    public async Task Begin(CancellationToken cancel)
    {
        mac = Address.Parse((await Read($"/sys/class/net/{Outside}/address", $"there is no interface {Outside}: write the one to the network outside as 'interface' of 'gateway' in the agent's file", cancel)).Trim());
        var isRouter = (await Read("/proc/sys/net/ipv4/ip_forward", "it cannot be found out whether this host sends on packets of others", cancel)).Trim() != "0";
        await programs.Filter(GatewayRuleset.Base(Outside, settings.Port, isRouter), cancel);
        await Write($"/proc/sys/net/ipv4/conf/{Outside}/forwarding", "1", cancel);
        // Who asks for an address of a VM is not let wait for the usual moment at random.
        await Write($"/proc/sys/net/ipv4/neigh/{Outside}/proxy_delay", "0", cancel);
        foreach (var device in await view.Devices(cancel))
        {
            if (DeviceNames.RoutedVniOf(device.Ifname) is { } vni)
            {
                plugged[vni] = device.Mtu;
            }
        }
    }

    /// <inheritdoc/>
    public async Task Plug(int vni, int mtu, CancellationToken cancel)
    {
        if (plugged.GetValueOrDefault(vni) == mtu)
        {
            return;
        }

        var (port, router, bridge) = (DeviceNames.RouterPort(vni), DeviceNames.Router(vni), DeviceNames.Bridge(vni));
        var names = (await view.Devices(cancel)).Select(device => device.Ifname).ToHashSet();
        await programs.Batch("ip", [],
        [
            .. names.Contains(router) ? Array.Empty<string>() :
            [
                $"link add {port} type veth peer name {router} address {SegmentGateway.MacOf(vni)}",
                $"link set dev {port} addrgenmode none",
                // Nobody in the segment hears from it whether this host has an address.
                $"link set dev {router} addrgenmode none arp off",
            ],
            $"link set dev {port} mtu {mtu} master {bridge} up",
            $"link set dev {router} mtu {mtu} up",
        ], cancel);
        await programs.Batch("bridge", [], [$"link set dev {port} learning off flood off mcast_flood off bcast_flood off"], cancel);
        await programs.Try(["tee", $"/proc/sys/net/ipv6/conf/{router}/disable_ipv6"], "1\n", cancel);
        await Write($"/proc/sys/net/ipv4/conf/{router}/forwarding", "1", cancel);
        plugged[vni] = mtu;
    }

    /// <inheritdoc/>
    public async Task Lead(GatewayWays ways, CancellationToken cancel)
    {
        told ??= await ReadAll(cancel);
        var before = told.TryGetValue(ways.Vni, out var known) ? known.Ways : ImmutableSortedDictionary<Address, GatewayWay>.Empty;
        var gone = before.Where(way => !ways.Ways.TryGetValue(way.Key, out var next) || next != way.Value).ToList();
        var come = ways.Ways.Where(way => !before.TryGetValue(way.Key, out var old) || old != way.Value).ToList();
        if (gone.Count + come.Count == 0)
        {
            return;
        }

        var (router, all) = (DeviceNames.Router(ways.Vni), told);
        told = null;
        await programs.Batch("ip", ["-force"], [.. gone.Where(way => !ways.Ways.ContainsKey(way.Key)).Select(way => $"neigh del proxy {way.Key} dev {Outside}")], cancel);
        await programs.Batch("ip", ["-force"],
        [
            .. come.SelectMany(way => new[] { $"neigh replace {way.Value.Inner} lladdr {way.Value.Mac} dev {router} nud permanent", $"route replace {way.Key}/32 dev {router}" }),
        ], cancel);
        await programs.Filter(
        [
            .. gone.SelectMany(way => GatewayRuleset.Way("delete", ways.Vni, way.Key, way.Value)),
            .. come.SelectMany(way => GatewayRuleset.Way("add", ways.Vni, way.Key, way.Value)),
        ], cancel);
        await programs.Batch("ip", ["-force"],
        [
            .. come.Select(way => $"neigh replace proxy {way.Key} dev {Outside}"),
            .. gone.Where(way => !ways.Ways.ContainsKey(way.Key)).Select(way => $"route del {way.Key}/32 dev {router}"),
            .. gone.Select(way => way.Value.Inner).Except(ways.Ways.Values.Select(way => way.Inner)).Select(inner => $"neigh del {inner} dev {router}"),
        ], cancel);
        all[ways.Vni] = ways;
        told = all;
        foreach (var (address, _) in come.Where(way => !before.ContainsKey(way.Key)))
        {
            young[address] = clock.GetTimestamp();
        }

        Announce();
    }

    /// <inheritdoc/>
    public async Task Unplug(int vni, CancellationToken cancel)
    {
        if (plugged.ContainsKey(vni))
        {
            await Lead(new(vni, ImmutableSortedDictionary<Address, GatewayWay>.Empty), cancel);
            var router = DeviceNames.Router(vni);
            await programs.Batch("ip", [], [.. (await view.Devices(cancel)).Where(device => device.Ifname == router).Select(device => $"link del dev {device.Ifname}")], cancel);
            plugged.Remove(vni);
            told?.Remove(vni);
        }
    }

    /// <inheritdoc/>
    public async Task Renew(TimeSpan left, CancellationToken cancel)
    {
        await programs.Filter(GatewayRuleset.Renewed(Outside, left), cancel);
        Announce();
    }

    /// <inheritdoc/>
    public void Doubt()
    {
        told = null;
        plugged.Keys.ToList().ForEach(vni => plugged[vni] = 0);
    }

    // VMs are reached all the same, once others outside have asked again.
    private void Announce()
    {
        foreach (var (address, since) in young)
        {
            if (clock.GetElapsedTime(since) > AnnouncedFor)
            {
                young.TryRemove(address, out _);
            }
        }

        if (young.IsEmpty)
        {
            return;
        }

        try
        {
            using var socket = open(Outside);
            foreach (var address in young.Keys)
            {
                socket.Send(GratuitousArp.Of(mac!.Value, address));
            }

            announceFault.Over();
        }
        catch (Exception fault) when (fault is IOException or SocketException or UnauthorizedAccessException)
        {
            announceFault.Is(fault.Message, why => log.NotAnnounced(Outside, why));
        }
    }

    private async Task<Dictionary<int, GatewayWays>> ReadAll(CancellationToken cancel)
    {
        var tables = await Tables(cancel);
        if (tables is null)
        {
            // Somebody has flushed all rules.
            await Begin(cancel);
            tables = await Tables(cancel) ?? throw new DriverException("the tables of a gateway are gone at once when they are made: something else flushes what nftables was told");
        }

        return GatewayReading.Of(
            tables.Value.Routed,
            tables.Value.Outside,
            await programs.Do(["ip", "-4", "-j", "neigh", "show", "nud", "permanent"], cancel),
            await programs.Do(["ip", "-4", "-j", "neigh", "show", "proxy"], cancel),
            await programs.Do(["ip", "-4", "-j", "route", "show"], cancel));
    }

    private async Task<(string Routed, string Outside)?> Tables(CancellationToken cancel)
    {
        var routed = await programs.Try(["nft", "-j", "list", "table", "ip", GatewayRuleset.Table], "", cancel);
        var outside = await programs.Try(["nft", "-j", "list", "table", "netdev", GatewayRuleset.Table], "", cancel);
        return routed.ExitCode == 0 && outside.ExitCode == 0 ? (routed.StandardOutput, outside.StandardOutput) : null;
    }

    private async Task<string> Read(string file, string advice, CancellationToken cancel)
    {
        var read = await programs.Try(["cat", file], "", cancel);
        return read.ExitCode == 0 ? read.StandardOutput : throw new DriverException($"{advice} ({file})");
    }

    private Task<string> Write(string file, string text, CancellationToken cancel) => programs.Do(["tee", file], text + "\n", cancel);
}
