using System.Globalization;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>One layer-2 network of all hosts of a lab.</summary>
internal sealed class LabSwitch : ILabNetwork
{
    private const string Disabled = "0";
    private const string Forwarding = "3";

    private readonly NetworkNamespace space;

    public LabSwitch(string lab)
    {
        space = new NetworkNamespace($"{lab}s");
        space.In("link add br0 type bridge mcast_snooping 0 forward_delay 0");
        space.In("link set br0 up");
    }

    public string Connect(LabHost host, int number, int? megabits)
    {
        var port = Port(number);
        host.Space.In($"link add up0 type veth peer name {port} netns {space.Name}");
        host.Plug("up0");
        space.In($"link set {port} master br0");
        space.In($"link set {port} up");
        if (megabits is { } rate)
        {
            host.Space.Exec("tc", "qdisc", "add", "dev", "up0", "root", "tbf", "rate", string.Create(CultureInfo.InvariantCulture, $"{rate}mbit"), "burst", "64kb", "latency", "100ms");
        }

        // Otherwise it takes the least address of its ports, and the others do not find it for a while whenever a VM comes or goes.
        host.Space.In(string.Create(CultureInfo.InvariantCulture, $"link set br0 address 02:00:00:00:78:{number:x2}"));
        var address = string.Create(CultureInfo.InvariantCulture, $"10.78.0.{number}");
        host.Space.In($"addr add {address}/24 dev br0");
        SpinWait.SpinUntil(() => space.Exec("cat", $"/sys/class/net/{port}/brport/state").Trim() == Forwarding);
        return address;
    }

    public void Cut(int number) => space.Exec("bridge", "link", "set", "dev", Port(number), "state", Disabled);

    public void Heal(int number) => space.Exec("bridge", "link", "set", "dev", Port(number), "state", Forwarding);

    public void Dispose() => space.Dispose();

    private static string Port(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number}");
}
