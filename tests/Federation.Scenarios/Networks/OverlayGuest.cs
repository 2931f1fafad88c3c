using System.Net;
using System.Net.Sockets;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>A VM of an overlay: a namespace whose one interface is a switch, so that it can have a tap on several hosts, as a VM that moves has. It runs at one of them.</summary>
internal sealed class OverlayGuest : IDisposable
{
    private const string Stopped = "0";
    private const string Runs = "3";

    private readonly SegmentEntry entry;
    private readonly List<OverlayHost> homes = [];

    /// <param name="name">The namespace's.</param>
    /// <param name="entry">Its interface.</param>
    public OverlayGuest(string name, SegmentEntry entry)
    {
        (Space, this.entry) = (new NetworkNamespace(name), entry);
        Space.Exec("sh", "-c", "for f in all default; do echo 0 > /proc/sys/net/ipv6/conf/$f/disable_ipv6; done");
        Space.In($"link add eth0 address {entry.Mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
        Space.In("link set eth0 addrgenmode none");
        Space.In("link set eth0 up");
        foreach (var address in entry.Addresses)
        {
            Space.In(address.Kind == AddressKind.IPv4 ? $"addr add {address}/24 dev eth0" : $"addr add {address}/64 dev eth0 nodad");
        }
    }

    public NetworkNamespace Space { get; }

    public SegmentPort Port => entry.Port;

    public IPAddress Ip => IPAddress.Parse(entry.Addresses[0].ToString());

    /// <summary>Its tap, the same name on all hosts.</summary>
    public string Tap => DeviceNames.TapPrefix + Space.Name;

    /// <summary>Gives it a tap on a host's bridge of its segment; it does not run there.</summary>
    public OverlayGuest Plug(OverlayHost host, int vni)
    {
        host.Space.In($"link add {Tap} type veth peer name {Inner(homes.Count)} netns {Space.Name}");
        host.Space.In($"link set dev {Tap} addrgenmode none master {DeviceNames.Bridge(vni)} up");
        Space.In($"link set dev {Inner(homes.Count)} addrgenmode none master eth0 up");
        homes.Add(host);
        SpinWait.SpinUntil(() => host.Space.Exec("cat", $"/sys/class/net/{Tap}/brport/state").Trim() == Runs);
        SetState(homes.Count - 1, Stopped);
        return this;
    }

    /// <summary>Runs from now on at one of its hosts, or at none.</summary>
    public OverlayGuest RunAt(OverlayHost? host)
    {
        for (var index = 0; index < homes.Count; index++)
        {
            SetState(index, homes[index] == host ? Runs : Stopped);
        }

        return this;
    }

    /// <summary>Sends no longer packets from now on, as a VM does that was told so when it started.</summary>
    public void Limit(int mtu)
    {
        foreach (var device in (string[])[.. homes.Select((_, index) => Inner(index)), "eth0"])
        {
            Space.In(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"link set {device} mtu {mtu}"));
        }
    }

    /// <summary>A UDP socket of its own.</summary>
    public Socket Udp(int port)
    {
        var socket = Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast, true);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    public void Dispose() => Space.Dispose();

    private void SetState(int index, string state) => Space.Exec("bridge", "link", "set", "dev", Inner(index), "state", state);

    private static string Inner(int index) => $"p{index}";
}
