using System.Net;
using System.Net.Sockets;
using Federation.Host.Networks;

namespace Federation.Scenarios.Networks;

/// <summary>A VM that sends all that it may and may not, beside another tenant's with the same addresses and VMs of somebody else's, and whoever listens to what comes of it.</summary>
internal sealed class Forger
{
    private const string End = "the end;";
    private const string Probe = "good probe";
    private const string Ours = "mk";
    private const string Theirs = "mo";
    private const string Foreign = "mf";
    private const string ForeignBridge = "br9";
    private const string ForeignAddress = "192.0.2.1";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly OverlayHost here;
    private readonly OverlayHost there;
    private readonly OverlayGuest[] mine;
    private readonly OverlayGuest[] others;
    private readonly (int Mine, int Others) vnis;

    private Forger(OverlayLab lab, OverlayGuest[] mine, OverlayGuest[] others, (int Mine, int Others) vnis) =>
        (here, there, this.mine, this.others, this.vnis) = (lab.Hosts[0], lab.Hosts[1], mine, others, vnis);

    /// <summary>What comes where it should, and nothing else.</summary>
    public static SortedSet<string> Expected { get; } =
    [
        // A bridge that answers ARP itself sends no probe to other hosts: the service lets nobody have another's address.
        .. ForgedFrames.Names(ForgedFrames.Allowed).Where(name => name != Probe).Select(name => $"to the neighbour: {name}"), $"to a port here: {Probe}", "to the neighbour: good VXLAN to a VM", "to the foreign VM: good frame", "to the foreign VM: good answer",
    ];

    /// <param name="lab">Two hosts.</param>
    /// <param name="mine">A VM of one tenant at each.</param>
    /// <param name="others">A VM of another tenant at each.</param>
    /// <param name="vnis">The numbers of their networks.</param>
    public static async Task<Forger> Begin(OverlayLab lab, OverlayGuest[] mine, OverlayGuest[] others, (int Mine, int Others) vnis)
    {
        var made = new Forger(lab, mine, others, vnis);
        var space = made.here.Space;
        space.In($"link add {ForeignBridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
        space.In($"link set {ForeignBridge} up");
        space.In($"addr add {ForeignAddress}/24 dev {ForeignBridge}");
        made.Plug(DeviceNames.TapPrefix + "foreign1", "fo1", ForeignBridge);
        made.Plug(DeviceNames.TapPrefix + "foreign2", "fo2", ForeignBridge);
        made.Plug(Ours + "0", Ours + "1", DeviceNames.Bridge(vnis.Mine));
        made.Plug(Theirs + "0", Theirs + "1", DeviceNames.Bridge(vnis.Others));
        made.Plug(Foreign + "0", Foreign + "1", ForeignBridge);
        // It looks which taps are on a bridge of somebody else's.
        await made.here.Plumber.Begin(CancellationToken.None);
        return made;
    }

    /// <summary>Sends all of it.</summary>
    /// <returns>What came, and where.</returns>
    public async Task<SortedSet<string>> Send(CancellationToken cancel)
    {
        using RawPort own = new(mine[0].Space, "p0"), neighbour = new(mine[1].Space, "p0"), other = new(others[1].Space, "p0"), otherHere = new(others[0].Space, "p0");
        using RawPort port = new(here.Space, Ours + "1"), foreign1 = new(here.Space, "fo1"), foreign2 = new(here.Space, "fo2");
        var (host, bridge) = (here.Address.ToString(), DeviceNames.BridgeMac(vnis.Mine));
        byte[][] frames =
        [
            .. ForgedFrames.Forbidden, .. ForgedFrames.Allowed,
            ForgedFrames.InVxlan("bad VXLAN to the host;", bridge, ForgedFrames.Ip1, host, vnis.Others, ForgedFrames.Mac1),
            ForgedFrames.InVxlan("bad VXLAN to another host;", bridge, ForgedFrames.Ip1, there.Address.ToString(), vnis.Others, ForgedFrames.Mac2),
            ForgedFrames.InVxlan("good VXLAN to a VM;", ForgedFrames.Mac2, ForgedFrames.Ip1, there.Address.ToString(), vnis.Others, ForgedFrames.Mac2),
            RawFrames.Ethernet(RawFrames.Everybody, ForgedFrames.Mac1, 0x0806, RawFrames.Arp(1, ForgedFrames.Mac1, ForgedFrames.Ip1, "00:00:00:00:00:00", host, "")),
        ];
        Array.ForEach(frames, own.Send);
        // What comes out of a tunnel for the host itself.
        using var below = there.Space.Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        below.SendTo(
            RawFrames.Vxlan(vnis.Mine, ForgedFrames.InVxlan("bad VXLAN out of a tunnel;", bridge, ForgedFrames.Ip2, host, vnis.Others, ForgedFrames.Mac1)), new IPEndPoint(IPAddress.Parse(host), 4789));
        foreign1.Send(RawFrames.Ethernet(RawFrames.Everybody, "52:54:00:79:00:33", 0x88b5, "good frame;"u8.ToArray()));
        foreign1.Send(RawFrames.Ethernet(RawFrames.Everybody, "52:54:00:79:00:33", 0x0806, RawFrames.Arp(1, "52:54:00:79:00:33", "192.0.2.7", "00:00:00:00:00:00", ForeignAddress, "")));
        await SendEnds(cancel);

        SortedSet<string> came =
        [
            .. await Hear("the neighbour", neighbour, cancel), .. await Hear("the other tenant", other, cancel), .. await Hear("the other tenant here", otherHere, cancel), .. await Hear("the foreign VM", foreign2, cancel), .. await Hear("a port here", port, cancel),
            .. (await Answers(own, host, cancel)).Select(_ => "to the VM itself: bad answer of the host"), .. (await Answers(foreign1, ForeignAddress, cancel)).Select(_ => "to the foreign VM: good answer"),
        ];
        return came;
    }

    private void Plug(string port, string end, string bridge)
    {
        here.Space.In($"link add {port} type veth peer name {end}");
        // The host itself would answer here for all its addresses.
        here.Space.In($"link set {end} arp off up");
        here.Space.In($"link set {port} master {bridge} up");
        here.Space.Exec("bridge", "link", "set", "dev", port, "flood", bridge == ForeignBridge ? "on" : "off");
    }

    // Frames of the sender take another way than these do, if a short one: the last one counts.
    private async Task SendEnds(CancellationToken cancel)
    {
        using RawPort ours = new(here.Space, Ours + "1"), theirs = new(here.Space, Theirs + "1"), foreign = new(here.Space, Foreign + "1");
        for (var time = 1; time <= 3; time++)
        {
            await Task.Delay(Pause, TimeProvider.System, cancel);
            foreach (var (port, to) in ((RawPort, string)[])[(ours, ForgedFrames.Mac1), (ours, ForgedFrames.Mac2), (theirs, ForgedFrames.Mac1), (theirs, ForgedFrames.Mac2), (foreign, RawFrames.Everybody)])
            {
                port.Send(RawFrames.Ethernet(to, "52:54:00:79:00:44", 0x88b5, System.Text.Encoding.ASCII.GetBytes($"{time}{End}")));
            }
        }
    }

    private static async Task<IEnumerable<string>> Hear(string where, RawPort port, CancellationToken cancel) =>
        await All(port, cancel) is { } frames ? ForgedFrames.Names(frames).Select(name => $"to {where}: {name}") : [$"to {where}: not even the end"];

    private static async Task<List<byte[]>> Answers(RawPort port, string of, CancellationToken cancel) =>
        [.. (await All(port, cancel) ?? []).Where(frame => frame.AsSpan(12, 2).SequenceEqual((byte[])[8, 6]) && frame[21] == 2 && frame.AsSpan(28, 4).SequenceEqual(IPAddress.Parse(of).GetAddressBytes())).Take(1)];

    // Null: the end did not come.
    private static async Task<List<byte[]>?> All(RawPort port, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            return await port.Until(frame => RawFrames.Has(frame, $"3{End}"), limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
