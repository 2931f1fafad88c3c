using Federation.Domain.Hosts;
using Federation.Domain.Networks;
using Federation.Host.Settings;
using Federation.Host.Tunnels;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Federation.Scenarios.Networks;

/// <summary>The agent of a host as far as its tunnels go: it looks twice a second, and a service of its own kind tells all agents of a test of each other.</summary>
internal sealed class PathAgent : IAsyncDisposable
{
    private const int Mtu = 1580;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly StateFolder state = new();
    private readonly CancellationTokenSource over = new();
    private readonly OverlayHost host;
    private readonly NetworkSettings settings;
    private readonly Func<PathAgent, SegmentsNews> links;
    private readonly Func<RelayBook> book;
    private readonly Func<IEnumerable<PathAgent>> all;
    private readonly Words said;
    private Task? work;

    /// <param name="host">The host.</param>
    /// <param name="isRelay">Whether it is a relay.</param>
    /// <param name="above">From which traffic star links go directly, bytes a second.</param>
    /// <param name="window">Over which that is counted.</param>
    /// <param name="links">How its links are.</param>
    /// <param name="all">All agents.</param>
    /// <param name="book">What the service knows.</param>
    public PathAgent(OverlayHost host, bool isRelay, double above, TimeSpan window, Func<PathAgent, SegmentsNews> links, Func<IEnumerable<PathAgent>> all, Func<RelayBook> book)
    {
        (this.host, this.links, this.all, this.book, said) = (host, links, all, book, new($"{host.Id}"));
        settings = new() { Address = host.Address, Launcher = ["ip", "netns", "exec", host.Space.Name], IsRelay = isRelay, DirectAbove = above, Window = window };
        (Desk, Relay) = Begin();
    }

    public VtepId Id => host.Id;

    /// <summary>A segment with clients that it is a host of; null: none.</summary>
    public Segment? Joined { get; set; }

    public TunnelDesk Desk { get; private set; }

    public RelayDesk? Relay { get; private set; }

    public HostNetwork Network => new(host.Address, Mtu) { Tunnels = Desk.Ends, Relay = Relay?.Ends ?? [] };

    /// <summary>Why it does not look any more; null: it does.</summary>
    public Exception? Fault => work?.Exception?.InnerException;

    /// <summary>How frames go to another host; null: nothing is known yet.</summary>
    public PeerPath? To(PathAgent other) => Desk.Paths.Told.FirstOrDefault(path => path.Host == other.Id);

    /// <summary>Looks from now on.</summary>
    public PathAgent Start()
    {
        work ??= Task.Run(Work);
        return this;
    }

    /// <summary>Is started anew, and knows what is in its files.</summary>
    public void Restart() => (Desk, Relay) = Begin();

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        try
        {
            await (work ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }

        foreach (var line in host.Space.Exec("ip", "-o", "link").Split('\n').Where(line => line.Contains(": fw", StringComparison.Ordinal)))
        {
            // What carries a device in a process ends with it.
            host.Space.In($"link del dev {line.Split(' ')[1].TrimEnd(':')}");
        }

        state.Dispose();
        over.Dispose();
    }

    private (TunnelDesk Desk, RelayDesk? Relay) Begin()
    {
        var memory = new RelayMemory(state.Files());
        var (own, relaying) = (Devices(), Devices());
        return (
            new(Id, own, Ends("tunnels", own, settings.TunnelPort), new(settings.IsRelay, settings.DirectAbove, settings.Window, TimeProvider.System), memory, TimeProvider.System, said),
            settings.IsRelay ? new(relaying, Ends("relaying", relaying, settings.RelayPort), memory, TimeProvider.System, said) : null);
    }

    // The name goes into that of the devices, which no other test may have.
    private WireGuardDevices Devices() => new(new(host.Id.Site, host.Space.Name), settings, Mtu, TimeProvider.System);

    private EndKeeper Ends(string folder, WireGuardDevices devices, int port) =>
        new(new(state.In(folder)), devices, port, TimeSpan.FromHours(24), TimeProvider.System, said);

    private async Task Work()
    {
        while (!over.IsCancellationRequested)
        {
            var (desk, relay) = (Desk, Relay);
            var news = book().For(Id, desk.Paths.Told.Select(path => path.Host));
            if (news.Stamp != desk.Relays.Stamp)
            {
                desk.Heed(news);
            }

            var peers = all().Where(other => other != this && other.Relay is null).Select(other => new SegmentPeer(other.Id, other.Network.Address) { Tunnels = other.Desk.Ends });
            var (clients, rights) = (Joined?.Peers.Values.Where(peer => peer.Id.IsClient) ?? [], Joined is { } joined ? ClientRight.Of(joined) : []);
            var heeded = desk.Heed(relay is null ? peers.Concat(clients) : [], links(this), [.. rights], over.Token);
            await desk.Look(() => { }, over.Token);
            await heeded;
            await (relay?.Look(() => { }, over.Token) ?? Task.CompletedTask);
            await Task.Delay(Pause, TimeProvider.System, over.Token);
        }
    }

    /// <summary>What an agent says goes to the test's output.</summary>
    private sealed class Words(string host) : ILogger
    {
        private readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            output?.WriteLine($"{host}: {formatter(state, exception)}");
    }
}
