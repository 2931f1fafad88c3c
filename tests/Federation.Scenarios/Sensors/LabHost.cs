namespace Federation.Scenarios.Sensors;

/// <summary>A host of the lab: a namespace with a bridge, one port of which goes to the other host.</summary>
internal sealed class LabHost : IDisposable
{
    private const string Forwarding = "3";

    public LabHost(string name)
    {
        Space = new NetworkNamespace(name);
        Space.In("link add br0 type bridge mcast_snooping 0");
        Space.In("link set br0 up");
    }

    public NetworkNamespace Space { get; }

    /// <summary>Joins two hosts.</summary>
    public static void Join(LabHost a, LabHost b)
    {
        a.Space.In($"link add up0 type veth peer name up0 netns {b.Space.Name}");
        a.Plug("up0");
        b.Plug("up0");
    }

    /// <summary>Makes an interface a port of the bridge.</summary>
    public void Plug(string name)
    {
        Space.In($"link set {name} master br0");
        Space.In($"link set {name} up");
    }

    /// <summary>A tap goes to another host, whose bridge forwards for it when this returns.</summary>
    public void Hand(string tap, LabHost to)
    {
        Space.In($"link set {tap} netns {to.Space.Name}");
        to.Plug(tap);
        SpinWait.SpinUntil(() => to.Space.Exec("cat", $"/sys/class/net/{tap}/brport/state").Trim() == Forwarding);
    }

    public void Dispose() => Space.Dispose();
}
