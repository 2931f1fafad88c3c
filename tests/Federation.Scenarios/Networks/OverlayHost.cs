using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>A host of an overlay: a namespace on a layer-2 network of its own, behind the router of all, with its plumber.</summary>
internal sealed class OverlayHost : IDisposable
{
    private readonly Dictionary<SegmentPort, LocalCopy> copies = [];
    private readonly double? bytesPerSecond;

    /// <param name="name">The namespace's.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="router">The router of all hosts.</param>
    /// <param name="bytesPerSecond">What it shares among its VMs; null: nothing is shared.</param>
    /// <param name="mtu">The longest packet of the network below, bytes.</param>
    public OverlayHost(string name, int number, NetworkNamespace router, double? bytesPerSecond, int mtu)
    {
        (this.bytesPerSecond, Mtu) = (bytesPerSecond, mtu);
        (Space, Id) = (new NetworkNamespace(name), new(new("rennes"), string.Create(CultureInfo.InvariantCulture, $"h{number}")));
        Address = Address.Parse(string.Create(CultureInfo.InvariantCulture, $"10.79.{number}.2"));
        Space.In(string.Create(CultureInfo.InvariantCulture, $"link add u0 mtu {mtu} type veth peer name u{number} mtu {mtu} netns {router.Name}"));
        Space.In($"addr add {Address}/24 dev u0");
        Space.In("link set u0 up");
        router.In(string.Create(CultureInfo.InvariantCulture, $"addr add 10.79.{number}.1/24 dev u{number}"));
        router.In($"link set u{number} up");
        Space.In(string.Create(CultureInfo.InvariantCulture, $"route add default via 10.79.{number}.1"));
        Ahead = new(protocol => Space.Do(() => KernelAhead.Open(protocol)));
        Plumber = Fresh();
    }

    public NetworkNamespace Space { get; }

    public VtepId Id { get; }

    public Address Address { get; }

    /// <summary>The longest packet of the network below, bytes.</summary>
    public int Mtu { get; }

    public SegmentPlumber Plumber { get; private set; }

    /// <summary>Tells its kernel without a program.</summary>
    public KernelAhead Ahead { get; }

    /// <summary>Makes a segment's devices.</summary>
    public Task Make(Segment segment) => Plumber.Make(segment.Vni, segment.Mtu, segment.Application.Key, CancellationToken.None);

    /// <summary>The agent sees a copy, or sees it no more.</summary>
    public void See(SegmentPort port, GuestState? state, string tap)
    {
        if (state is { } seen)
        {
            copies[port] = new(seen, tap);
        }
        else
        {
            copies.Remove(port);
        }
    }

    /// <summary>Has what the segment and the copies seen here come to in force.</summary>
    public Task Apply(Segment segment) => Plumber.Apply(segment.Vni, Rules(segment), CancellationToken.None);

    /// <summary>What the segment and the copies seen here come to.</summary>
    public SegmentRules Rules(Segment segment)
    {
        var here = copies.Where(copy => copy.Key.Vm.Application == segment.Application).ToImmutableDictionary();
        return SegmentRules.Of(segment, ForwardingTable.Of(segment, Id, here), Id, Address, here);
    }

    /// <summary>Counts from now on what goes out over the network below in VXLAN as it is.</summary>
    public void CountPlainFrames()
    {
        Space.Exec("nft", "add", "table", "ip", "count");
        Space.Exec("nft", "add", "chain", "ip", "count", "out", "{ type filter hook postrouting priority 0; }");
        Space.Exec("nft", "add", "rule", "ip", "count", "out", "oifname", "u0", "udp", "dport", "4789", "counter");
    }

    /// <summary>How many those were.</summary>
    public long PlainFrames()
    {
        var words = Space.Exec("nft", "list", "chain", "ip", "count", "out").Split(' ', '\n').ToList();
        return long.Parse(words[words.IndexOf("packets") + 1], CultureInfo.InvariantCulture);
    }

    /// <summary>The agent is started anew, and knows nothing.</summary>
    public void Restart() => Plumber = Fresh();

    /// <summary>Every device, forwarding entry, neighbour and filter that there is.</summary>
    public string Everything() => string.Join('\n', Space.Exec("ip", "-o", "link"), Space.Exec("bridge", "fdb"), Space.Exec("ip", "neigh"), Space.Exec("nft", "list", "ruleset"));

    public void Dispose() => Space.Dispose();

    private SegmentPlumber Fresh() => new(new() { Address = Address, BytesPerSecond = bytesPerSecond, Launcher = ["ip", "netns", "exec", Space.Name] }, Ahead);
}
