using System.Globalization;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Hosts;

/// <summary>A network outside a lab with somebody on it, at which gateways own addresses.</summary>
internal sealed class OutsideNetwork : IDisposable
{
    /// <summary>What its gateways own.</summary>
    public const string Addresses = "203.0.113.16-203.0.113.31";

    /// <summary>The interface of each gateway to it.</summary>
    public const string Interface = "o0";

    public OutsideNetwork(string lab)
    {
        Space = new($"{lab}o");
        Space.In("link add br0 type bridge");
        Space.In("addr add 203.0.113.2/24 dev br0");
        Space.In("link set br0 up");
    }

    public NetworkNamespace Space { get; }

    /// <summary>A host is on it.</summary>
    public void Connect(NetworkNamespace host, int number)
    {
        host.In(string.Create(CultureInfo.InvariantCulture, $"link add {Interface} type veth peer name g{number} netns {Space.Name}"));
        host.In(string.Create(CultureInfo.InvariantCulture, $"addr add 203.0.113.{number + 2}/24 dev {Interface}"));
        host.In($"link set {Interface} up");
        Space.In(string.Create(CultureInfo.InvariantCulture, $"link set g{number} master br0 up"));
    }

    public void Dispose() => Space.Dispose();
}
