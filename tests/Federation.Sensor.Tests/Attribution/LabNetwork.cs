using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Sensor.Attribution;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;

namespace Federation.Sensor.Tests.Attribution;

/// <summary>Two hosts with a bridge each, joined by their uplinks, and VMs that move between them; counts what sensors would.</summary>
internal sealed class LabNetwork
{
    private static readonly Address Broadcast = Address.Parse("ff:ff:ff:ff:ff:ff");
    private readonly Dictionary<(int Host, FrameTally Key), FrameTally> counted = [];
    private readonly int[] hosts;
    private readonly HashSet<int>[] seen = [[], []];
    private readonly HashSet<int> moved = [];

    public LabNetwork(IEnumerable<int> hostsOfVms)
    {
        hosts = [.. hostsOfVms];
        for (var vm = 0; vm < hosts.Length; vm++)
        {
            seen[hosts[vm]].Add(vm);
        }
    }

    public static VmRef Name(int vm) => VmRef.Parse($"cg/vm{vm}");

    public static Address Mac(int vm) => Address.Parse($"52:54:00:00:00:{vm:x2}");

    public static Address Ip(int vm) => Address.Parse($"10.0.0.{vm + 1}");

    /// <summary>What each VM really received: packets by sender, and what it sent to the outside under its own number.</summary>
    public SortedDictionary<(int Vm, string Peer), long> Truth { get; } = [];

    /// <summary>A VM moves to the other host.</summary>
    public void Move(int vm)
    {
        hosts[vm] = 1 - hosts[vm];
        seen[hosts[vm]].Add(vm);
        moved.Add(vm);
    }

    /// <summary>A frame from one VM to another.</summary>
    public void Send(int from, int to)
    {
        if (from == to)
        {
            return;
        }

        Pass(from, Mac(to), Ip(to), hosts[to], [to], flooded: false);
        Add(to, Ip(from).ToString());
    }

    /// <summary>The same, but the bridges do not know where the receiver is: every port gets it.</summary>
    public void Flood(int from, int to)
    {
        if (from != to)
        {
            Pass(from, Mac(to), Ip(to), receiverHost: null, [.. Enumerable.Range(0, hosts.Length)], flooded: true);
            Add(to, Ip(from).ToString());
        }
    }

    /// <summary>An ARP request, say.</summary>
    public void SendToAll(int from)
    {
        Pass(from, Broadcast, default, receiverHost: null, [.. Enumerable.Range(0, hosts.Length)], flooded: true);
        foreach (var to in Enumerable.Range(0, hosts.Length).Where(to => to != from))
        {
            Add(to, Mac(from).ToString());
        }
    }

    /// <summary>A frame to the internet: the router is behind host 1's uplink.</summary>
    public void SendOutside(int from)
    {
        var outside = Address.Parse("93.184.216.34");
        Pass(from, Address.Parse("52:54:00:00:00:fe"), outside, receiverHost: 2, [], flooded: false);
        Add(from, $"to {outside}");
    }

    public List<FrameTally> TalliesOf(int host, params string[] interfaces) => [.. counted
        .Where(entry => entry.Key.Host == host && interfaces.Any(name => entry.Value.Interface.StartsWith(name, StringComparison.Ordinal)))
        .Select(entry => entry.Value)];

    /// <summary>The VMs that were on a host in the window, as its sensor was told.</summary>
    public ImmutableArray<PresentVm> VmsOf(int host, bool withMac) => [.. seen[host].Order().Select(vm => new PresentVm(
        new LocalVm(Name(vm), withMac ? [Mac(vm), Ip(vm)] : [Ip(vm)]),
        !moved.Contains(vm) ? Stay.Throughout : hosts[vm] == host ? Stay.Came : Stay.Left))];

    private void Pass(int from, Address mac, Address ip, int? receiverHost, int[] receivers, bool flooded)
    {
        var source = hosts[from];
        var frame = new FrameTally("", false, Mac(from), mac, ip == default ? default : Ip(from), ip, 1, 100);
        Count(source, $"tap{from}", towards: false, frame);
        Count(source, "br0", towards: false, frame);
        if (flooded || receiverHost != source)
        {
            Count(source, "eth0", towards: true, frame);
            if (flooded || receiverHost == 1 - source)
            {
                Count(1 - source, "eth0", towards: false, frame);
                Count(1 - source, "br0", towards: false, frame);
            }
        }

        foreach (var to in receivers.Where(to => to != from))
        {
            Count(hosts[to], $"tap{to}", towards: true, frame);
        }
    }

    private void Count(int host, string name, bool towards, FrameTally frame)
    {
        var key = frame with { Interface = name, Towards = towards, Packets = 0, Bytes = 0 };
        var sum = counted.GetValueOrDefault((host, key), key);
        counted[(host, key)] = sum with { Packets = sum.Packets + 1, Bytes = sum.Bytes + 100 };
    }

    private void Add(int vm, string peer) => Truth[(vm, peer)] = Truth.GetValueOrDefault((vm, peer)) + 1;
}
