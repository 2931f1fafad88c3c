using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Shouldly;

namespace Federation.Scenarios.Sensors;

/// <summary>A VM of the lab: a namespace with one interface, whose other end is a tap on a host's bridge.</summary>
internal sealed class LabVm : IDisposable
{
    private const int Port = 5000;
    private const int EthernetHeader = 14;

    // A frame that says that somebody listens to one group: the Ethernet and IPv6 headers, a hop-by-hop option, 28 bytes.
    private const int ListenerReport = 14 + 40 + 8 + 28;
    private readonly NetworkNamespace space;
    private readonly Socket v4;
    private readonly Socket v6;

    public LabVm(string lab, int number, LabHost host)
    {
        (Number, Tap) = (number, $"{lab}t{number}");
        space = new NetworkNamespace($"{lab}v{number}");
        host.Space.In($"link add {Tap} type veth peer name eth0 netns {space.Name}");
        space.In($"link set eth0 address {Mac}");
        space.In("link set eth0 addrgenmode none");
        space.In("link set eth0 up");
        host.Plug(Tap);
        v4 = space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        v4.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast, true);
        v4.Bind(new IPEndPoint(IPAddress.Any, Port));
        v6 = space.Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        v6.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
    }

    /// <summary>Gives it its addresses, with which it may begin to speak.</summary>
    public void Boot()
    {
        space.Exec("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6; "
            + "echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/eth0/router_solicitations");
        space.In($"addr add {Ip}/24 broadcast 10.77.0.255 dev eth0");
        space.In($"addr add {Ip6}/64 dev eth0 nodad");
    }

    public int Number { get; }

    public string Tap { get; }

    public string Mac => $"52:54:00:77:00:{Number:x2}";

    public string Ip => $"10.77.0.{Number}";

    public string Ip6 => $"fd77::{Number}";

    /// <summary>Frames that its interface received, and their bytes, since it is there, but what no router passes on: the truth.</summary>
    /// <remarks>
    /// What IPv6 says to groups of its link (who listens to what) comes from nobody's address. All else here is for one receiver, or IPv4. Before a VM
    /// speaks IPv6 it discards such words, which the kernel counts apart, and without their bytes.
    /// </remarks>
    public (long Packets, long Bytes) Received
    {
        get
        {
            var (toGroups, early) = (OfIPv6("Ip6InMcastPkts"), OfIPv6("Ip6InDiscards"));
            return (Statistic("rx_packets") - toGroups - early,
                Statistic("rx_bytes") - OfIPv6("Ip6InMcastOctets") - (toGroups * EthernetHeader) - (early * ListenerReport));
        }
    }

    /// <summary>Makes the addresses of all others known, so that nobody has to ask for them.</summary>
    public void Know(IEnumerable<LabVm> others)
    {
        foreach (var other in others.Where(other => other != this))
        {
            space.In($"neigh replace {other.Ip} lladdr {other.Mac} dev eth0 nud permanent");
            space.In($"neigh replace {other.Ip6} lladdr {other.Mac} dev eth0 nud permanent");
        }
    }

    /// <summary>Makes itself heard by every bridge, as a VM does that comes.</summary>
    public void Announce() => v4.SendTo(new byte[18], new IPEndPoint(IPAddress.Parse("10.77.0.255"), 9));

    /// <summary>Goes to another host, as at the end of a live migration, where it can speak and be heard when this returns.</summary>
    /// <remarks>If it announced itself before, its word would be lost, and what is sent to it would go astray: counted by hosts, received by nobody.</remarks>
    public void Move(LabHost from, LabHost to)
    {
        from.Hand(Tap, to);
        SpinWait.SpinUntil(() => space.Exec("cat", "/sys/class/net/eth0/operstate").Trim() == "up");
    }

    /// <summary>Sends datagrams of 100 bytes: frames of 142 bytes.</summary>
    public void Send(LabVm to, int datagrams) => SendAll(v4, new IPEndPoint(IPAddress.Parse(to.Ip), Port), datagrams);

    /// <summary>Sends datagrams of 100 bytes: frames of 162 bytes.</summary>
    public void Send6(LabVm to, int datagrams) => SendAll(v6, new IPEndPoint(IPAddress.Parse(to.Ip6), Port), datagrams);

    /// <summary>Sends bytes over a TCP connection and waits until they have come.</summary>
    public async Task Stream(LabVm to, int bytes, CancellationToken cancel)
    {
        using var listener = to.space.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 6000));
        listener.Listen();
        using var client = space.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Parse(to.Ip), 6000), cancel);
        using var server = await listener.AcceptAsync(cancel);
        var sending = Task.Run(
            async () =>
            {
                for (var left = bytes; left > 0;)
                {
                    left -= await client.SendAsync(new byte[Math.Min(left, 8192)], cancel);
                }

                client.Shutdown(SocketShutdown.Both);
            },
            cancel);
        var received = 0;
        for (var buffer = new byte[65536]; await server.ReceiveAsync(buffer, cancel) is > 0 and var count;)
        {
            received += count;
        }

        await sending;
        received.ShouldBe(bytes);
    }

    public void Dispose()
    {
        v4.Dispose();
        v6.Dispose();
        space.Dispose();
    }

    private static void SendAll(Socket socket, EndPoint to, int datagrams)
    {
        for (var i = 0; i < datagrams; i++)
        {
            socket.SendTo(new byte[100], to).ShouldBe(100);
        }
    }

    private long OfIPv6(string counter) => space.Exec("cat", "/proc/net/dev_snmp6/eth0").Split('\n')
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length == 2 && words[0] == counter).Sum(words => long.Parse(words[1], CultureInfo.InvariantCulture));

    private long Statistic(string name) =>
        long.Parse(space.Exec("cat", $"/sys/class/net/eth0/statistics/{name}"), CultureInfo.InvariantCulture);
}
