using System.Globalization;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>A router between the hosts of a lab: each host is on a layer-2 network of its own.</summary>
internal sealed class LabRouter : ILabNetwork
{
    private readonly NetworkNamespace space;

    public LabRouter(string lab)
    {
        space = new NetworkNamespace($"{lab}s");
        space.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    }

    public string Connect(LabHost host, int number, int? megabits)
    {
        Attach(host.Space, number);
        if (megabits is { } rate)
        {
            host.Space.Exec("tc", "qdisc", "add", "dev", "up0", "root", "tbf", "rate", string.Create(CultureInfo.InvariantCulture, $"{rate}mbit"), "burst", "64kb", "latency", "100ms");
        }

        return $"{Net(number)}.2";
    }

    /// <summary>Gives somebody a line to the router.</summary>
    public void Attach(NetworkNamespace end, int number)
    {
        var port = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        end.In($"link add up0 type veth peer name {port} netns {space.Name}");
        space.In($"addr add {Net(number)}.1/24 dev {port}");
        space.In($"link set {port} up");
        end.In($"addr add {Net(number)}.2/24 dev up0");
        end.In("link set up0 up");
        end.In($"route add default via {Net(number)}.1");
    }

    public void Cut(int number) => Rules(number, "add");

    public void Heal(int number) => Rules(number, "del");

    public void Dispose() => space.Dispose();

    private void Rules(int number, string verb)
    {
        space.In($"rule {verb} from {Net(number)}.0/24 pref 1 blackhole");
        space.In($"rule {verb} to {Net(number)}.0/24 pref 1 blackhole");
    }

    private static string Net(int number) => string.Create(CultureInfo.InvariantCulture, $"10.79.{number}");
}
