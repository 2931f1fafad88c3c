using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>
/// A host with a bridge <c>br0</c> and VMs on it: VM n has the tap <c>tapn</c> on the host, a namespace with IP of its own, 10.7.0.n, fd07::n
/// and 52:54:00:00:07:0n. Neighbours are known beforehand, so that nothing passes but what a test sends.
/// </summary>
public sealed class Network : IDisposable
{
    private readonly NamespaceThread[] vms;

    /// <summary>Makes it.</summary>
    /// <param name="count">VMs.</param>
    /// <param name="v6">Whether they have IPv6 too, with which each says a few things of its own accord.</param>
    public Network(int count, bool v6)
    {
        vms = [.. Enumerable.Range(0, count).Select(_ => new NamespaceThread())];
        Host.Ip("link add br0 type bridge mcast_snooping 0", "link set br0 up");
        for (var n = 1; n <= count; n++)
        {
            Host.Ip(
                $"link add tap{n} type veth peer name eth0 address {Mac(n)} netns {Vm(n).Path}",
                $"link set tap{n} master br0",
                $"link set tap{n} up");
            var others = Enumerable.Range(1, count).Where(other => other != n).ToArray();
            Vm(n).Ip(
            [
                "link set lo up", "link set eth0 addrgenmode none", $"address add 10.7.0.{n}/24 dev eth0", "link set eth0 up",
                .. others.Select(other => $"neighbour replace 10.7.0.{other} lladdr {Mac(other)} dev eth0 nud permanent"),
            ]);
            if (v6)
            {
                Vm(n).Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "0"));
                Vm(n).Ip(
                [
                    $"address add fd07::{n}/64 dev eth0 nodad",
                    .. others.Select(other => $"neighbour replace fd07::{other} lladdr {Mac(other)} dev eth0 nud permanent"),
                ]);
            }
        }

        for (var n = 1; n <= count; n++)
        {
            Host.AwaitUp($"tap{n}");
            Vm(n).AwaitUp("eth0");
        }

        // The bridge knows where everybody is, so that no frame is flooded to a third.
        Host.Ip([.. Enumerable.Range(1, count).Select(n => $"link set tap{n} type bridge_slave flood off learning off")]);
        Host.Run(() => Array.ForEach([.. Enumerable.Range(1, count)], n => Bridge($"fdb replace {Mac(n)} dev tap{n} master static")));
    }

    public NamespaceThread Host { get; } = new();

    public static string Mac(int n) => $"52:54:00:00:07:0{n}";

    public NamespaceThread Vm(int n) => vms[n - 1];

    /// <summary>Sends datagrams of one size from one VM to another, as its own IP sends them.</summary>
    public void SendDatagrams(int from, int to, int count, int bytes, bool v6 = false)
    {
        var target = new IPEndPoint(IPAddress.Parse(v6 ? $"fd07::{to}" : $"10.7.0.{to}"), 9);

        // Somebody has to be there to receive: an answer by ICMP would be counted too.
        using var receiver = Vm(to).Run(() => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        receiver.Bind(target);
        using var sender = Vm(from).Run(() => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        for (var sent = 0; sent < count; sent++)
        {
            sender.SendTo(new byte[bytes], target);
        }
    }

    /// <summary>Sends bytes from one VM to another over a TCP connection, opened and closed in order.</summary>
    public void SendStream(int from, int to, int bytes)
    {
        using var listener = Vm(to).Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen();
        using var sender = Vm(from).Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        sender.Connect(new IPEndPoint(IPAddress.Parse($"10.7.0.{to}"), ((IPEndPoint)listener.LocalEndPoint!).Port));
        using var receiver = listener.Accept();
        var sending = Task.Run(() =>
        {
            sender.Send(new byte[bytes]);
            sender.Shutdown(SocketShutdown.Send);
        });
        var buffer = new byte[1 << 16];
        while (receiver.Receive(buffer) > 0)
        {
        }

        sending.Wait();
        receiver.Shutdown(SocketShutdown.Send);
        sender.Receive(buffer);
    }

    /// <summary>What the kernel itself counted on an interface of the host: (sent, received), each in packets and bytes.</summary>
    public (long SentPackets, long SentBytes, long ReceivedPackets, long ReceivedBytes) Statistics(string name)
    {
        // "RX: bytes packets ..." and the numbers below it, then the same for TX.
        var lines = Host.Ask($"-s link show dev {name}").Split('\n');
        long[] Under(string title) =>
            [.. lines[Array.FindIndex(lines, line => line.TrimStart().StartsWith(title, StringComparison.Ordinal)) + 1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        var (received, sent) = (Under("RX:"), Under("TX:"));
        return (sent[1], sent[0], received[1], received[0]);
    }

    public void Dispose()
    {
        Array.ForEach(vms, vm => vm.Dispose());
        Host.Dispose();
    }

    private static void Bridge(string arguments)
    {
        using var process = System.Diagnostics.Process.Start("bridge", arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"bridge {arguments} failed");
        }
    }
}
