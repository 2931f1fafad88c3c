using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Two hosts with a router between them, joined by a tunnel as a person makes it with the kernel's and WireGuard's own commands: what the overlay is measured against.</summary>
internal sealed class HandMadePair : IDisposable
{
    private const string Vxlan = "id 7 dstport 4790 nolearning";

    private readonly NetworkNamespace router;
    private readonly List<NetworkNamespace> guests = [];
    private readonly List<string> goDevices = [];
    private readonly int mtu;

    /// <param name="mtu">The longest packet of the network below, bytes.</param>
    public HandMadePair(int mtu)
    {
        this.mtu = mtu;
        var name = $"fm{Guid.NewGuid():N}"[..7];
        router = new NetworkNamespace($"{name}r");
        router.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        Hosts = [new NetworkNamespace($"{name}1"), new NetworkNamespace($"{name}2")];
        for (var number = 1; number <= 2; number++)
        {
            var host = Hosts[number - 1];
            host.In(Text($"link add u0 mtu {mtu} type veth peer name u{number} mtu {mtu} netns {router.Name}"));
            host.In($"addr add {Below(number)}/24 dev u0");
            host.In("link set u0 up");
            router.In(Text($"addr add 10.77.{number}.1/24 dev u{number}"));
            router.In(Text($"link set u{number} up"));
            host.In(Text($"route add default via 10.77.{number}.1"));
        }
    }

    public NetworkNamespace[] Hosts { get; }

    /// <summary>A VXLAN device at each host that has an address itself.</summary>
    /// <returns>The ends.</returns>
    public Ends WithDevices()
    {
        Both((number, host) =>
        {
            host.In(Text($"link add name vx0 address 02:00:00:00:77:0{number} mtu {mtu - 50} type vxlan {Vxlan} local {Below(number)} remote {Below(3 - number)}"));
            host.In(Text($"addr add 10.80.0.{number}/24 dev vx0"));
            host.In("link set vx0 up");
            host.In(Text($"neigh replace 10.80.0.{3 - number} lladdr 02:00:00:00:77:0{3 - number} dev vx0 nud permanent"));
        });
        return new(Hosts[0], Hosts[1], IPAddress.Parse("10.80.0.2"));
    }

    /// <summary>A VXLAN device at each host, on a bridge with a VM: a namespace whose interface is a switch as those of the overlay's tests are.</summary>
    /// <param name="over">The addresses at which the devices reach each other; null: the hosts' own.</param>
    /// <param name="inner">The longest packet inside, bytes.</param>
    public Ends WithVms(int inner, Func<int, string>? over = null)
    {
        over ??= Below;
        Both((number, host) =>
        {
            var guest = new NetworkNamespace($"{host.Name}v");
            guests.Add(guest);
            guest.In(Text($"link add eth0 address 52:54:00:77:00:0{number} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"));
            guest.In(Text($"addr add 10.80.0.{number}/24 dev eth0"));
            host.In("link add name b0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
            host.In(Text($"link add name vx0 mtu {inner} type vxlan {Vxlan} local {over(number)}"));
            host.In("link set vx0 master b0 up");
            host.In(Text($"link add t0 mtu {inner} type veth peer name p0 netns {guest.Name} mtu {inner}"));
            host.In("link set t0 master b0 up");
            host.In(Text($"link set b0 mtu {inner} up"));
            guest.In("link set p0 master eth0 up");
            guest.In(Text($"link set eth0 mtu {inner} up"));
            guest.In(Text($"neigh replace 10.80.0.{3 - number} lladdr 52:54:00:77:00:0{3 - number} dev eth0 nud permanent"));
            host.Exec("bridge", "fdb", "replace", Text($"52:54:00:77:00:0{3 - number}"), "dev", "vx0", "dst", over(3 - number), "self", "permanent");
            host.Exec("bridge", "fdb", "replace", Text($"52:54:00:77:00:0{3 - number}"), "dev", "vx0", "master", "static");
            host.Exec("bridge", "fdb", "replace", Text($"52:54:00:77:00:0{number}"), "dev", "t0", "master", "static");
        });
        return new(guests[0], guests[1], IPAddress.Parse("10.80.0.2"));
    }

    /// <summary>A device of wireguard-go at each host, with an address of its own.</summary>
    public Ends WithWireGuard()
    {
        var keys = Hosts.Select(host => host.Exec("wg", "genkey").Trim()).ToArray();
        Both((number, host) =>
        {
            // It keeps its sockets by the device's name, wherever it runs.
            var device = $"{host.Name}w";
            host.Exec("wireguard-go", device);
            goDevices.Add(device);
            var peer = host.Exec("sh", "-c", $"echo {keys[2 - number]} | wg pubkey").Trim();
            host.Exec("sh", "-c", $"echo {keys[number - 1]} | wg set {device} listen-port 51830 private-key /dev/stdin peer {peer} endpoint {Below(3 - number)}:51830 allowed-ips {Inside(3 - number)}/32");
            host.In($"addr add {Inside(number)}/24 dev {device}");
            host.In(Text($"link set {device} mtu {mtu - 80} up"));
        });
        return new(Hosts[0], Hosts[1], IPAddress.Parse(Inside(2)));
    }

    /// <summary>A host's address inside WireGuard.</summary>
    public static string Inside(int number) => Text($"10.81.0.{number}");

    public void Dispose()
    {
        foreach (var (host, device) in Hosts.Zip(goDevices))
        {
            // What carries a device in a process ends with it.
            host.In($"link del dev {device}");
        }

        foreach (var space in guests.Concat(Hosts).Append(router))
        {
            space.Dispose();
        }
    }

    private static string Below(int number) => Text($"10.77.{number}.2");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Both(Action<int, NetworkNamespace> make)
    {
        make(1, Hosts[0]);
        make(2, Hosts[1]);
    }
}

/// <summary>Two ends of something that carries packets.</summary>
/// <param name="From">Where a sender is.</param>
/// <param name="To">Where a receiver is.</param>
/// <param name="Address">Where that one is reached.</param>
internal sealed record Ends(NetworkNamespace From, NetworkNamespace To, IPAddress Address)
{
    private const int Port = 5201;
    private const int SmallBytes = 64;

    /// <summary>Sends one stream for a time.</summary>
    /// <returns>Bytes that were sent, and bytes that were received until the end of the stream, per second of that time.</returns>
    public async Task<(long Sent, long Received, double BytesPerSecond)> Stream(TimeSpan time)
    {
        using var listener = To.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen(1);
        using var sender = From.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await sender.ConnectAsync(new IPEndPoint(Address, Port));
        using var receiver = await listener.AcceptAsync();
        var begun = TimeProvider.System.GetTimestamp();
        var receiving = OnItsOwn(() =>
        {
            var (buffer, all) = (new byte[1 << 20], 0L);
            for (int some; (some = receiver.Receive(buffer)) > 0;)
            {
                all += some;
            }

            return (all, TimeProvider.System.GetElapsedTime(begun));
        });
        var sent = await OnItsOwn(() =>
        {
            var (buffer, all) = (new byte[128 << 10], 0L);
            while (TimeProvider.System.GetElapsedTime(begun) < time)
            {
                all += sender.Send(buffer);
            }

            sender.Shutdown(SocketShutdown.Send);
            return all;
        });
        var (received, took) = await receiving;
        return (sent, received, received / took.TotalSeconds);
    }

    /// <summary>Sends packets of 64 bytes, as fast as it goes, for a time.</summary>
    /// <returns>Packets that were received, per second.</returns>
    public async Task<double> Packets(TimeSpan time)
    {
        using var receiver = To.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.ReceiveBufferSize = 4 << 20;
        receiver.Bind(new IPEndPoint(IPAddress.Any, Port));
        receiver.ReceiveTimeout = 1000;
        using var sender = From.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await sender.ConnectAsync(new IPEndPoint(Address, Port));
        var begun = TimeProvider.System.GetTimestamp();
        var receiving = OnItsOwn(() =>
        {
            var (buffer, all, last) = (new byte[2048], 0L, begun);
            try
            {
                while (true)
                {
                    receiver.Receive(buffer);
                    (all, last) = (all + 1, TimeProvider.System.GetTimestamp());
                }
            }
            catch (SocketException silent) when (silent.SocketErrorCode == SocketError.TimedOut)
            {
                return all / TimeProvider.System.GetElapsedTime(begun, last).TotalSeconds;
            }
        });
        await OnItsOwn(() =>
        {
            for (var data = new byte[SmallBytes]; TimeProvider.System.GetElapsedTime(begun) < time;)
            {
                Array.ForEach(Burst, _ => sender.Send(data));
            }

            return 0;
        });
        return await receiving;
    }

    private static readonly int[] Burst = new int[32];

    private static Task<T> OnItsOwn<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
