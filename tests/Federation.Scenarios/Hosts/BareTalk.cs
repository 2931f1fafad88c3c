using System.Globalization;
using System.Net;
using Federation.Testing;

namespace Federation.Scenarios.Hosts;

/// <summary>The two VMs of <see cref="EchoTalk"/> without a service: QEMU by hand, on hosts of one bridge. Whoever learns where a VM is learns it of the announcement that QEMU sends.</summary>
internal sealed class BareTalk : IDisposable
{
    private const string Name = "by-hand";

    private readonly HostLab lab;
    private readonly BareQemu asks;
    private BareQemu moves;
    private int at;
    private int number;

    /// <param name="hosts">How many hosts.</param>
    /// <param name="megabits">How much each host can send, Mbit/s.</param>
    /// <param name="asker">The host of the one that stays, an index.</param>
    /// <param name="mover">The host of the one that moves, an index.</param>
    public BareTalk(int hosts, int megabits, int asker, int mover)
    {
        lab = new HostLab(hosts, megabits);
        var (kernel, initrd) = AskingGuest.Build(Path.GetDirectoryName(lab.Program)!);
        (at, moves) = (mover, Mover(mover, isDestination: false));
        var host = lab.Hosts[asker];
        asks = new BareQemu(
            Path.Combine(host.OtherFolder, "asks"), kernel, AskingGuest.Arguments(EchoTalk.Asking, EchoTalk.Asked), AskingGuest.MemoryKibibytes, isDestination: false, host.Network.Space,
            new(Tap(host, "asks"), "52:54:00:90:00:06", initrd));
        Asker = new(asks.SerialLog);
    }

    /// <summary>The one that stays.</summary>
    public AskingGuest Asker { get; }

    /// <summary>How long no copy ran before the newest one did.</summary>
    public TimeSpan StoodStill => RunInterval.LongestPause(lab.Watcher.Copies.Where(copy => copy.Vm.StartsWith(Name, StringComparison.Ordinal)).SelectMany(copy => copy.Intervals).OrderBy(interval => interval.From).TakeLast(2));

    /// <summary>Moves the one that moves to a host, an index.</summary>
    public async Task Move(int to, CancellationToken cancel)
    {
        var target = new IPEndPoint(IPAddress.Parse(lab.Hosts[to].Address), FreePort.Take());
        var (left, from) = (moves, at);
        (moves, at) = (await BareQemu.Move(left, () => Mover(to, isDestination: true), target, downtimeSeconds: 0.3, cancel), to);
        left.Dispose();
        lab.Hosts[from].Network.Space.In($"link del {left.Interface!.Tap}");
    }

    public void Dispose()
    {
        moves.Dispose();
        asks.Dispose();
        lab.Dispose();
    }

    private BareQemu Mover(int at, bool isDestination)
    {
        var (host, name) = (lab.Hosts[at], string.Create(CultureInfo.InvariantCulture, $"{Name}{++number}"));
        return new BareQemu(
            Path.Combine(host.OtherFolder, name), lab.Program, $"{EchoTalk.Load} ip={EchoTalk.Asked}", (16 << 10) + 8, isDestination, host.Network.Space, new(Tap(host, name), "52:54:00:90:00:05"));
    }

    private static string Tap(HostLab.RealHost host, string name)
    {
        host.Network.Space.In($"tuntap add {name} mode tap");
        host.Network.Plug(name);
        return name;
    }
}
