using Federation.Domain.Hosts;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Federation.Host.Settings;
using Federation.Host.Tunnels;
using Federation.Sensor.Spool;
using Federation.Scenarios.Sensors;
using Shouldly;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Scenarios.Networks;

/// <summary>The agent of a client as far as its network goes: it looks twice a second, and is told its segment by the test.</summary>
internal sealed class ClientAgent : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly DirectoryInfo state = Directory.CreateTempSubdirectory("federation-client-");
    private readonly CancellationTokenSource over = new();
    private readonly FolderLock held;
    private readonly Func<RelayBook> book;
    private readonly ClientPlumber plumber;
    private readonly SegmentDesk segments;
    private readonly Task work;

    /// <param name="space">The machine.</param>
    /// <param name="post">Which client it is.</param>
    /// <param name="mtu">The longest packet of its line, bytes.</param>
    /// <param name="lan">Its interface to the machines behind it; null: there are none.</param>
    /// <param name="book">What the service knows of relays.</param>
    public ClientAgent(NetworkNamespace space, ClientPost post, int mtu, string? lan, Func<RelayBook> book)
    {
        (Post, Space, Mtu, this.book) = (post, space, mtu, book);
        held = ((LockOutcome.Taken)FolderLock.Take(state.FullName, "test")).Lock;
        var settings = new NetworkSettings { Address = post.Below, Mtu = mtu, Launcher = ["ip", "netns", "exec", space.Name] };
        // The name goes into that of the devices, which no other test may have.
        var devices = new WireGuardDevices(new(post.Id.Site, space.Name), settings, mtu, TimeProvider.System);
        plumber = new(settings, lan);
        segments = new(
            post.Id, new SegmentPlumber(settings), new(_ => throw new InvalidOperationException("nobody asks for an address here"), TimeProvider.System, NullLogger.Instance),
            new(new FolderFiles(held), NullLogger.Instance), TimeProvider.System, NullLogger.Instance, client: plumber);
        Tunnels = new(
            post.Id, devices, new(new(Path.Combine(state.FullName, "tunnels")), devices, settings.TunnelPort, TimeSpan.FromDays(36_500), TimeProvider.System, NullLogger.Instance),
            new(isRelay: false, settings.DirectAbove, settings.Window, TimeProvider.System), new(new FolderFiles(held)), TimeProvider.System, NullLogger.Instance);
        work = Task.Run(Work);
    }

    public ClientPost Post { get; }

    public NetworkNamespace Space { get; }

    public int Mtu { get; }

    public TunnelDesk Tunnels { get; }

    /// <summary>How it is reached.</summary>
    public HostNetwork Network => new(Post.Below, Mtu) { Tunnels = Tunnels.Ends };

    /// <summary>Why it does not look any more; null: it does.</summary>
    public Exception? Fault => work.Exception?.InnerException;

    /// <summary>Its segment is told to it, and is in force.</summary>
    public async Task Tell(Segment segment)
    {
        var update = new SegmentUpdate(
            segment.Application, 0, segment.Revision, segment.Vni, segment.Mtu, segment.Subnet, [.. segment.Entries.Values], [], [.. segment.Peers.Values], []);
        (await segments.Take(new([update]), over.Token)).ShouldBeTrue();
    }

    /// <summary>It is told that it is a client no more, and takes all away.</summary>
    public async Task Leave()
    {
        await over.CancelAsync();
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (await segments.Take(new([SegmentRegister.Nothing(Post.Application, 0, 1)]), default)).ShouldBeTrue();
        await Tunnels.End(default);
        await plumber.End(default);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Tunnels.End(default);
        segments.Dispose();
        held.Dispose();
        state.Delete(recursive: true);
        over.Dispose();
    }

    private async Task Work()
    {
        await segments.Begin(over.Token);
        while (true)
        {
            var news = book().For(Post.Id, Tunnels.Paths.Told.Select(path => path.Host));
            if (news.Stamp != Tunnels.Relays.Stamp)
            {
                Tunnels.Heed(news);
            }

            var heeded = Tunnels.Heed(await segments.Peers(over.Token), new([]), await segments.ClientRights(over.Token), over.Token);
            await Tunnels.Look(() => { }, over.Token);
            await heeded;
            await segments.See(segments.BeginLook(), [], over.Token);
            await Task.Delay(Pause, TimeProvider.System, over.Token);
        }
    }
}
