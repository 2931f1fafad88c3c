using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Hosts on layer-2 networks of their own, with a router between them.</summary>
internal sealed class OverlayLab : IDisposable
{
    private readonly NetworkNamespace router;
    private readonly List<OverlayGuest> guests = [];

    /// <param name="hosts">How many.</param>
    /// <param name="bytesPerSecond">What each shares among its VMs; null: nothing is shared.</param>
    /// <param name="mtu">The longest packet of the network below, bytes.</param>
    public OverlayLab(int hosts, double? bytesPerSecond = null, int mtu = 1580)
    {
        Name = $"fn{Guid.NewGuid():N}"[..7];
        router = new NetworkNamespace($"{Name}r");
        router.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        Hosts = [.. Enumerable.Range(1, hosts).Select(number => new OverlayHost(string.Create(CultureInfo.InvariantCulture, $"{Name}h{number}"), number, router, bytesPerSecond, mtu))];
    }

    /// <summary>What the names of its namespaces begin with.</summary>
    public string Name { get; }

    public ImmutableArray<OverlayHost> Hosts { get; }

    /// <summary>Whether two hosts reach each other on the network below.</summary>
    public void Connect(OverlayHost one, OverlayHost other, bool reach)
    {
        if (reach)
        {
            router.Exec("nft", "delete", "table", "ip", "apart");
            return;
        }

        router.Exec("nft", "add", "table", "ip", "apart");
        router.Exec("nft", "add", "chain", "ip", "apart", "forward", "{ type filter hook forward priority 0; }");
        router.Exec("nft", "add", "rule", "ip", "apart", "forward", "ip", "saddr", $"{one.Address}", "ip", "daddr", $"{other.Address}", "drop");
        router.Exec("nft", "add", "rule", "ip", "apart", "forward", "ip", "saddr", $"{other.Address}", "ip", "daddr", $"{one.Address}", "drop");
    }

    /// <summary>Gives somebody else a line to the router.</summary>
    /// <param name="space">Whose.</param>
    /// <param name="number">Its number, after those of the hosts.</param>
    /// <returns>Its end.</returns>
    public string Attach(NetworkNamespace space, int number)
    {
        space.In(string.Create(CultureInfo.InvariantCulture, $"link add u0 mtu {Hosts[0].Mtu} type veth peer name u{number} mtu {Hosts[0].Mtu} netns {router.Name}"));
        space.In(string.Create(CultureInfo.InvariantCulture, $"addr add 10.79.{number}.2/24 dev u0"));
        space.In("link set u0 up");
        router.In(string.Create(CultureInfo.InvariantCulture, $"addr add 10.79.{number}.1/24 dev u{number}"));
        router.In(string.Create(CultureInfo.InvariantCulture, $"link set u{number} up"));
        space.In(string.Create(CultureInfo.InvariantCulture, $"route add default via 10.79.{number}.1"));
        return "u0";
    }

    /// <summary>Its VMs.</summary>
    public IReadOnlyList<OverlayGuest> Guests => guests;

    /// <summary>Every host is ready.</summary>
    public async Task<OverlayLab> Begin()
    {
        foreach (var host in Hosts)
        {
            await host.Plumber.Begin(CancellationToken.None);
        }

        return this;
    }

    /// <summary>A segment of all hosts.</summary>
    public Segment Segment(string application, int vni, params SegmentEntry[] entries) => new(
        AppId.Parse(application), vni, Hosts[0].Mtu - 80, Subnet.Parse("10.80.0.0/24"), 1,
        entries.ToImmutableSortedDictionary(entry => entry.Port, entry => entry),
        Hosts.ToImmutableSortedDictionary(host => host.Id, host => new SegmentPeer(host.Id, host.Address)));

    /// <summary>A VM's interface of a segment.</summary>
    public static SegmentEntry Entry(string application, int number, OverlayHost at, int address) => new(
        new(new(AppId.Parse(application), new($"vm{number}")), 0),
        Address.Parse(string.Create(CultureInfo.InvariantCulture, $"52:54:00:79:00:{address:x2}")),
        [Address.Parse(string.Create(CultureInfo.InvariantCulture, $"10.80.0.{address}")), Address.Parse(string.Create(CultureInfo.InvariantCulture, $"fd80::{address:x}"))],
        1, 1, at.Id);

    /// <summary>A VM.</summary>
    public OverlayGuest Guest(SegmentEntry entry)
    {
        var guest = new OverlayGuest(string.Create(CultureInfo.InvariantCulture, $"{Name}v{guests.Count + 1}"), entry);
        guests.Add(guest);
        return guest;
    }

    public void Dispose()
    {
        guests.ForEach(guest => guest.Dispose());
        foreach (var host in Hosts)
        {
            host.Dispose();
        }

        router.Dispose();
    }
}
