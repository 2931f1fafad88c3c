using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Federation.Actuation.Qemu;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Host.Settings;

namespace Federation.Host.Tunnels;

/// <summary>Tunnels by WireGuard: the kernel's where it has it, wireguard-go where not, which outlives the agent. For one thread.</summary>
/// <remarks>
/// A rule of its own leads UDP to the port of VXLAN through a table of its own, which says by which device an address is reached; what is not in it goes as
/// everything else. So tunnels carry the frames of segments and nothing else, and nobody's addresses change. Source: https://www.wireguard.com.
/// </remarks>
/// <param name="host">The host: devices of several agents on one machine have names of their own, for wireguard-go knows no namespaces.</param>
/// <param name="settings">The host's network.</param>
/// <param name="mtu">The longest packet on the network below, bytes.</param>
/// <param name="clock">The machine's: handshakes are told by it.</param>
internal sealed class WireGuardDevices(HostPost host, NetworkSettings settings, int mtu, TimeProvider clock) : ITunnelDevices
{
    // Both address families together never need more, whatever carries the tunnel.
    private const int Overhead = 80;
    private const int KeepAliveSeconds = 10;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly HostPrograms programs = new(settings.Launcher);
    private ImmutableSortedSet<Address>? guarded;
    private readonly string prefix = $"fw{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(host.ToString())))[..8]}";

    /// <summary>The routing table, and the place of the rule that leads there.</summary>
    private string Table => Text(settings.Port);

    private string Family => settings.Address.Kind == AddressKind.IPv6 ? "-6" : "-4";

    /// <inheritdoc/>
    public async Task<(string PrivateKey, string PublicKey)> MakeKeys(CancellationToken cancel)
    {
        var made = (await programs.Do(["wg", "genkey"], cancel)).Trim();
        return (made, (await programs.Do(["wg", "pubkey"], made, cancel)).Trim());
    }

    /// <inheritdoc/>
    public async Task Make(OwnEnd end, ImmutableSortedDictionary<string, TunnelTarget> peers, CancellationToken cancel)
    {
        var device = Device(end.Generation);
        if ((await programs.Try(["ip", "link", "show", "dev", device], "", cancel)).ExitCode != 0
            && (await programs.Try(["ip", "link", "add", "name", device, "type", "wireguard"], "", cancel)).ExitCode != 0)
        {
            await programs.Do(["wireguard-go", device], cancel);
        }

        var now = await Read(device, cancel);
        if (!now.Is(end))
        {
            await programs.Do(["wg", "setconf", device, "/dev/stdin"], $"{Interface(end)}{Peers(peers)}", cancel);
        }
        else
        {
            // Only what differs: whoever is told its port again closes it for a moment, and loses what is on its way.
            await Remove(device, now.Peers.Keys.Where(key => !peers.ContainsKey(key)), cancel);
            await Add(device, peers.Where(peer => !now.Has(peer.Key, peer.Value)).ToImmutableSortedDictionary(), cancel);
        }

        await programs.Do(["ip", "link", "set", "dev", device, "mtu", Text(mtu - Overhead), "up"], cancel);
    }

    /// <inheritdoc/>
    public async Task<ImmutableHashSet<string>> Met(int generation, CancellationToken cancel) =>
        (await programs.Try(["wg", "show", Device(generation), "dump"], "", cancel)) is { ExitCode: 0, StandardOutput: var printed }
            ? [.. TunnelDevice.Read(printed).Peers.Where(peer => IsSettled(peer.Value.Handshake)).Select(peer => peer.Key)]
            : [];

    /// <inheritdoc/>
    public async Task Lead(TunnelPlan plan, CancellationToken cancel)
    {
        if (!plan.Guarded.SetEquals(guarded ?? []))
        {
            await programs.Do(["nft", "-f", "-"], Guard(plan.Guarded), cancel);
            guarded = plan.Guarded;
        }

        var ways = plan.Ways;
        var rules = await programs.Do(["ip", Family, "rule", "show", "pref", Table], cancel);
        var there = (await programs.Try(["ip", Family, "route", "show", "table", Table], "", cancel)).StandardOutput
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(words => words[0] == "blackhole" ? words[1] : words[0]);
        var lines = ways.Select(way => way.Value is { } generation
                ? $"route replace {way.Key} dev {Device(generation)} table {Table}"
                : $"route replace blackhole {way.Key} table {Table}")
            .Concat(there.Where(address => !Address.TryParse(address, out var known) || !ways.ContainsKey(known)).Select(address => $"route del {address} table {Table}"))
            .Concat(rules.Contains("lookup", StringComparison.Ordinal) ? [] : [$"rule add pref {Table} ipproto udp dport {Text(settings.Port)} lookup {Table}"])
            .ToList();
        if (lines.Count > 0)
        {
            await programs.Do(["ip", Family, "-batch", "-"], string.Concat(lines.Select(line => line + "\n")), cancel);
        }
    }

    /// <inheritdoc/>
    public async Task Remove(int generation, CancellationToken cancel)
    {
        if ((await programs.Try(["ip", "link", "show", "dev", Device(generation)], "", cancel)).ExitCode == 0)
        {
            await programs.Do(["ip", "link", "del", "dev", Device(generation)], cancel);
        }
    }

    // Where both began a handshake at once, one of the two sessions is given up within a moment, with what is under way in it.
    private bool IsSettled(DateTimeOffset? handshake) => clock.GetUtcNow() - handshake >= Moment;

    private string Guard(ImmutableSortedSet<Address> from)
    {
        var (name, family, type) = ($"{prefix}guard", Family == "-6" ? "ip6" : "ip", Family == "-6" ? "ipv6_addr" : "ipv4_addr");
        var remove = $"table inet {name}\ndelete table inet {name}\n";
        return from.IsEmpty ? remove : remove + $$"""
            table inet {{name}} {
              set hosts { type {{type}}; elements = { {{string.Join(", ", from)}} }; }
              chain input { type filter hook input priority 0; udp dport {{settings.Port}} {{family}} saddr @hosts iifname != "{{prefix}}*" drop; }
            }

            """;
    }

    private async Task<TunnelDevice> Read(string device, CancellationToken cancel) => TunnelDevice.Read(await programs.Do(["wg", "show", device, "dump"], cancel));

    private Task Add(string device, ImmutableSortedDictionary<string, TunnelTarget> peers, CancellationToken cancel) =>
        peers.IsEmpty ? Task.CompletedTask : programs.Do(["wg", "addconf", device, "/dev/stdin"], Peers(peers), cancel);

    private async Task Remove(string device, IEnumerable<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            await programs.Do(["wg", "set", device, "peer", key, "remove"], cancel);
        }
    }

    private static string Interface(OwnEnd end) => string.Create(CultureInfo.InvariantCulture, $"[Interface]\nPrivateKey = {end.PrivateKey}\nListenPort = {end.Port}\n");

    private static string Peers(ImmutableSortedDictionary<string, TunnelTarget> peers) => string.Concat(peers.Select(peer => string.Create(
        CultureInfo.InvariantCulture,
        $"[Peer]\nPublicKey = {peer.Key}\nEndpoint = {peer.Value.Endpoint}\nAllowedIPs = {peer.Value.Allowed}\nPersistentKeepalive = {KeepAliveSeconds}\n")));

    private string Device(int generation) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{generation % 100_000:x}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
