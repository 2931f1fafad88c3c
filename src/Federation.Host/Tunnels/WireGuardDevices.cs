using System.Collections.Immutable;
using System.Globalization;
using Federation.Actuation.Qemu;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Host.Settings;

namespace Federation.Host.Tunnels;

/// <summary>Tunnels by WireGuard: the kernel's where it has it, wireguard-go where not, which outlives the agent. For one thread.</summary>
/// <remarks>
/// A rule of its own leads UDP to the port of VXLAN through a table of its own, which says by which device an address is reached; what is not in it goes as
/// everything else. So tunnels carry the frames of segments and nothing else, and nobody's addresses change. What comes out of a relay's tunnels goes by another
/// table, back into them. Source: https://www.wireguard.com.
/// </remarks>
/// <param name="host">The host.</param>
/// <param name="settings">The host's network.</param>
/// <param name="mtu">The longest packet on the network below, bytes.</param>
/// <param name="clock">Times looks.</param>
internal sealed class WireGuardDevices(HostPost host, NetworkSettings settings, int mtu, TimeProvider clock) : ITunnelDevices
{
    // Both address families together never need more, whatever carries the tunnel.
    private const int Overhead = 80;

    private readonly HostPrograms programs = new(settings.Launcher);
    private readonly TunnelNames names = new(host);
    private readonly TunnelFilters filters = new(new(host), settings.Port, settings.Address.Kind);
    private readonly TunnelRoutes own = new(new(settings.Launcher), FamilyOf(settings), settings.Port, clock);
    private readonly TunnelRoutes passedOn = new(new(settings.Launcher), FamilyOf(settings), settings.Port + 1, clock);
    private readonly HashSet<TunnelName> ready = [];
    private readonly HashSet<TunnelName> forwarding = [];
    private (ImmutableSortedSet<Address> Hosts, ImmutableSortedSet<ClientRight> Clients)? guarded;
    private bool isCounting;
    private bool isFiltering;

    /// <inheritdoc/>
    public async Task<(string PrivateKey, string PublicKey)> MakeKeys(CancellationToken cancel)
    {
        var made = (await programs.Do(["wg", "genkey"], cancel)).Trim();
        return (made, (await programs.Do(["wg", "pubkey"], made, cancel)).Trim());
    }

    /// <inheritdoc/>
    public string NameOf(TunnelName tunnel) => names.Of(tunnel);

    /// <inheritdoc/>
    public async Task<TunnelDevice?> Read(TunnelName tunnel, CancellationToken cancel) =>
        await programs.Try(["wg", "show", names.Of(tunnel), "dump"], "", cancel) is { ExitCode: 0, StandardOutput: var printed } ? TunnelDevice.Read(printed) : null;

    /// <inheritdoc/>
    public async Task Make(TunnelSpec spec, TunnelDevice? seen, CancellationToken cancel)
    {
        var device = names.Of(spec.Name);
        if (seen is null)
        {
            await Add(device, cancel);
            ready.Remove(spec.Name);
            forwarding.Remove(spec.Name);
        }

        if (seen?.Is(spec) != true)
        {
            var port = spec.Port is { } given ? string.Create(CultureInfo.InvariantCulture, $"ListenPort = {given}\n") : "";
            await programs.Do(["wg", "setconf", device, "/dev/stdin"], $"[Interface]\nPrivateKey = {spec.PrivateKey}\n{port}{Lines(spec.Peers)}", cancel);
        }
        else
        {
            await Mend(device, seen, spec.Peers, cancel);
        }

        if (!ready.Contains(spec.Name))
        {
            await TakeAllSources(device, cancel);
            await programs.Do(["ip", "link", "set", "dev", device, "mtu", Text(mtu - Overhead), "up"], cancel);
            ready.Add(spec.Name);
        }
    }

    /// <inheritdoc/>
    public async Task BeginAnew(TunnelName tunnel, string key, TunnelTarget target, CancellationToken cancel)
    {
        await programs.Do(["wg", "set", names.Of(tunnel), "peer", key, "remove"], cancel);
        await programs.Do(["wg", "addconf", names.Of(tunnel), "/dev/stdin"], target.Lines(key), cancel);
    }

    /// <inheritdoc/>
    public async Task Remove(TunnelName tunnel, CancellationToken cancel)
    {
        if ((await programs.Try(["ip", "link", "show", "dev", names.Of(tunnel)], "", cancel)).ExitCode == 0)
        {
            await programs.Do(["ip", "link", "del", "dev", names.Of(tunnel)], cancel);
        }

        Doubt();
        ready.Remove(tunnel);
        forwarding.Remove(tunnel);
    }

    /// <inheritdoc/>
    public async Task<ImmutableSortedDictionary<Address, string>> Ways(CancellationToken cancel) => (await own.Read(cancel))
        .Where(way => Address.TryParse(way.Key, out _)).ToImmutableSortedDictionary(way => Address.Parse(way.Key), way => way.Value);

    /// <inheritdoc/>
    public async Task Lead(TunnelPlan plan, CancellationToken cancel)
    {
        if (guarded is not { } known || !plan.Guarded.SetEquals(known.Hosts) || !plan.Clients.SetEquals(known.Clients))
        {
            await programs.Filter(filters.Guard(plan.Guarded, plan.Clients), cancel);
            guarded = (plan.Guarded, plan.Clients);
        }

        await own.Set(
            plan.Ways.ToImmutableSortedDictionary(way => $"{way.Key}", way => way.Value is { } tunnel ? names.Of(tunnel) : TunnelRoutes.Nothing, StringComparer.Ordinal),
            [$"ipproto udp dport {Text(settings.Port)}"],
            settings.Port,
            cancel);
    }

    /// <inheritdoc/>
    public async Task PassOn(IReadOnlyCollection<TunnelName> tunnels, ImmutableSortedDictionary<Address, TunnelName> ways, CancellationToken cancel)
    {
        if (!isFiltering)
        {
            await programs.Filter(filters.Relaying, cancel);
            isFiltering = true;
        }

        foreach (var tunnel in tunnels.Where(tunnel => !forwarding.Contains(tunnel)))
        {
            await Forward(names.Of(tunnel), cancel);
            forwarding.Add(tunnel);
        }

        // The last rule of the table: nothing that comes out of a tunnel goes any other way.
        await passedOn.Set(
            ways.ToImmutableSortedDictionary(way => $"{way.Key}", way => names.Of(way.Value), StringComparer.Ordinal).SetItem("default", TunnelRoutes.Nothing),
            [.. tunnels.Select(tunnel => $"iif {names.Of(tunnel)}")],
            settings.Port - 1,
            cancel);
    }

    /// <inheritdoc/>
    public async Task<ImmutableSortedDictionary<Address, long>> Traffic(CancellationToken cancel)
    {
        var sums = ImmutableSortedDictionary.CreateBuilder<Address, long>();
        foreach (var set in TunnelFilters.Counted)
        {
            var listed = await programs.Try(["nft", "-j", "list", "set", "inet", filters.CountTable, set], "", cancel);
            isCounting &= listed.ExitCode == 0;
            foreach (var (address, bytes) in isCounting ? TunnelFilters.Read(listed.StandardOutput) : [])
            {
                sums[address] = sums.GetValueOrDefault(address) + bytes;
            }
        }

        if (!isCounting)
        {
            await programs.Filter(filters.Count, cancel);
            isCounting = true;
            sums.Clear();
        }

        return sums.ToImmutable();
    }

    private async Task Add(string device, CancellationToken cancel)
    {
        if ((await programs.Try(["ip", "link", "show", "dev", device], "", cancel)).ExitCode != 0
            && (await programs.Try(["ip", "link", "add", "name", device, "type", "wireguard"], "", cancel)).ExitCode != 0)
        {
            await programs.Do(["wireguard-go", device], cancel);
        }

        Doubt();
    }

    // Only what differs: whoever is told its port again closes it for a moment, and loses what is on its way; who is told again what another may send, likewise.
    private async Task Mend(string device, TunnelDevice seen, ImmutableSortedDictionary<string, TunnelTarget> peers, CancellationToken cancel)
    {
        foreach (var key in seen.Peers.Keys.Where(key => !peers.ContainsKey(key)))
        {
            await programs.Do(["wg", "set", device, "peer", key, "remove"], cancel);
        }

        var others = peers.Where(peer => !seen.Has(peer.Key, peer.Value)).ToImmutableSortedDictionary();
        if (!others.IsEmpty)
        {
            await programs.Do(["wg", "addconf", device, "/dev/stdin"], Lines(others), cancel);
        }

        foreach (var (key, target) in peers.Where(peer => !others.ContainsKey(peer.Key) && seen.Peers[peer.Key].KeepAlive != peer.Value.KeepAlive))
        {
            await programs.Do(["wg", "set", device, "peer", key, "persistent-keepalive", Text(target.KeepAlive)], cancel);
        }
    }

    // What comes by one way while what goes takes another is right here; WireGuard checks sources. The kernel drops all that comes to a device without addresses otherwise.
    private async Task TakeAllSources(string device, CancellationToken cancel)
    {
        const string All = "/proc/sys/net/ipv4/conf/all/rp_filter";
        await programs.Try(["tee", $"/proc/sys/net/ipv4/conf/{device}/rp_filter"], "0\n", cancel);
        if ((await programs.Try(["cat", All], "", cancel)).StandardOutput.Trim() is { } all and not ("" or "0"))
        {
            throw new DriverException($"{All} is {all}, by which the kernel drops what comes out of tunnels: write 0 there, and what you want into the same file of each interface");
        }
    }

    private async Task Forward(string device, CancellationToken cancel)
    {
        if (settings.Address.Kind == AddressKind.IPv4)
        {
            await programs.Do(["tee", $"/proc/sys/net/ipv4/conf/{device}/forwarding"], "1\n", cancel);
            return;
        }

        const string All = "/proc/sys/net/ipv6/conf/all/forwarding";
        if ((await programs.Do(["cat", All], cancel)).Trim() != "1")
        {
            throw new DriverException($"this host is to be a relay over IPv6, which the kernel forwards for all interfaces or for none: write 1 to {All}, or leave 'relay' out");
        }
    }

    private void Doubt()
    {
        own.Doubt();
        passedOn.Doubt();
    }

    private static string FamilyOf(NetworkSettings settings) => settings.Address.Kind == AddressKind.IPv6 ? "-6" : "-4";

    private static string Lines(ImmutableSortedDictionary<string, TunnelTarget> peers) => string.Concat(peers.Select(peer => peer.Value.Lines(peer.Key)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
