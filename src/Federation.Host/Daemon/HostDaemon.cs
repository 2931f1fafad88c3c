using System.Collections.Immutable;
using System.Net.Security;
using System.Reflection;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Json;
using Federation.Host.Consoles;
using Federation.Host.Journaling;
using Federation.Host.Linking;
using Federation.Host.Networks;
using Federation.Host.Networks.Dhcp;
using Federation.Host.Ordering;
using Federation.Host.Reporting;
using Federation.Host.Settings;
using Federation.Host.Tunnels;
using Federation.Sensor.Daemon;
using Federation.Sensor.Posting;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>A host's whole agent: takes orders, has them done, and tells the service what is true, until it is stopped. VMs outlive it.</summary>
public sealed class HostDaemon
{
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(30);

    private readonly HostSettings settings;
    private readonly IHypervisorDriver driver;
    private readonly IHypervisorDriver networked;
    private readonly SegmentDesk? segments;
    private readonly GatewayPlumber? gateway;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Func<HttpMessageHandler> handler;
    private readonly Guid run = Guid.NewGuid();
    private readonly DateTimeOffset startedAt;
    private readonly AnswerOutbox outbox = new();
    private readonly ReportTimes times;
    private readonly HostDescription description;
    private readonly HostReports reports;
    private readonly OrderJournal journal;
    private readonly RelayMemory relays;
    private readonly Patience tellingPatience;
    private readonly Patience askingPatience;
    private TunnelDesk? tunnels;
    private RelayDesk? relay;
    private DateTimeOffset? reportedAt;
    private DateTimeOffset? askedAt;
    private long orders;

    /// <summary>Reads its journal.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="state">The state folder; stays the caller's.</param>
    /// <param name="driver">The hypervisor.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="log">Hears what happens.</param>
    /// <param name="tls">How connections by https are made; null: as the machine trusts.</param>
    /// <param name="handler">Makes connections; null: by the network.</param>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    public HostDaemon(
        HostSettings settings,
        FolderLock state,
        IHypervisorDriver driver,
        TimeProvider clock,
        ILogger log,
        SslClientAuthenticationOptions? tls = null,
        Func<HttpMessageHandler>? handler = null)
    {
        (this.settings, this.driver, this.clock, this.log) = (settings, driver, clock, log);
        this.handler = handler ?? (() => Connections(tls));
        startedAt = clock.GetUtcNow();
        times = new(clock);
        journal = new(new FolderFiles(state), clock);
        relays = new(new FolderFiles(state));
        gateway = settings.Network is { Gateway: { } outside } below ? new GatewayPlumber(below, outside, TapSocket.Open, clock, log) : null;
        segments = settings.Network is { } network ? new(new(settings.Post.Site, settings.Post.Host), new SegmentPlumber(network, network.Launcher.IsEmpty ? new KernelAhead(KernelAhead.Open) : null), new(TapSocket.Open, clock, log), new(new FolderFiles(state), log), clock, log, gateway) : null;
        networked = segments is null ? driver : new NetworkedDriver(driver, segments, log);
        description = new(settings, driver, Version, clock, log);
        reports = new(networked, journal, outbox, () => description.Facts with { Network = Network }, run, log);
        tellingPatience = new(clock, run.GetHashCode(), log.ReportFailed, log.ReportResumed);
        askingPatience = new(clock, ~run.GetHashCode(), log.AskingFailed, log.AskingResumed);
    }

    /// <summary>The agent's version.</summary>
    public static string Version { get; } =
        typeof(HostDaemon).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>How it is doing.</summary>
    public AgentState State => new(
        settings.Post.Site.Value, settings.Post.Host, run, startedAt, clock.GetUtcNow(), description.Known, reports.Guests, reports.Number,
        reportedAt, askedAt, outbox.Count, Interlocked.Read(ref orders), tellingPatience.Failure ?? askingPatience.Failure)
    {
        Paths = tunnels?.Paths.Told ?? [],
        RelaysHeard = tunnels?.Paths.Heard ?? [],
        PathChanges = tunnels?.Paths.Changes ?? 0,
        Relayed = relay?.Heard,
    };

    /// <summary>Runs until it is stopped; orders that are under way then have no answer and are ordered again.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var page = settings.Listen is { } address ? new StatusServer(
            address, () => JsonSerializer.Serialize(State, DomainJson.Options), () => AgentMetrics.Of(State)) : null;
        List<Task> tasks = [Work(over.Token)];
        if (page is not null && Listens(page))
        {
            tasks.Add(page.Run(over.Token));
        }

        // Without a status page it works on; otherwise the first to end is the one that failed, if none was stopped.
        await tasks[0].ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await Task.WhenAll(tasks);
    }

    private bool Listens(StatusServer page)
    {
        if (page.Start() is { } fault)
        {
            log.ListeningFailed(settings.Listen!.ToString(), fault);
            return false;
        }

        log.Listening(settings.Listen!.ToString());
        return true;
    }

    private async Task Work(CancellationToken stop)
    {
        using var http = new HttpClient(handler()) { Timeout = TimeSpan.FromMinutes(2) };
        var link = new ServiceLink(http, new ServiceAddresses(settings.Servers), () => File.ReadAllText(settings.TokenFile).Trim(), clock);
        await using var consoles = new ConsoleDesk(driver, clock);
        await using var desk = new OrderDesk(settings.Post, networked, journal, consoles, Answered, log);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            using var own = segments;
            await (segments?.Begin(stop) ?? Task.CompletedTask);
            await description.Begin(stop);
            var guests = await reports.Make(stop);
            log.Started(settings.Post.ToString(), run, guests.Facts.Hypervisor.Driver, guests.Facts.Hypervisor.Version, guests.Guests.Length);
            List<Task> tasks =
            [
                Tell(link, over.Token), Ask(link, desk, over.Token), new GuestWatch(networked, times, clock, log).Run(over.Token),
                description.Run(over.Token), Keep(consoles, over.Token),
                .. Networking(link, over.Token),
            ];
            times.Now();
            // The first to end is the one that failed, if none was stopped: the others must not go on without it.
            await Task.WhenAny(tasks);
            await over.CancelAsync();
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.Stopping(settings.Post.ToString());
        }
    }

    private HostNetwork? Network => segments?.Network is { } network
        ? network with { Tunnels = tunnels?.Ends ?? [], Relay = relay?.Ends ?? [], Gateway = settings.Network?.Gateway?.Addresses ?? [] }
        : null;

    private IEnumerable<Task> Networking(ServiceLink link, CancellationToken cancel)
    {
        if (segments is null)
        {
            return [];
        }

        var network = settings.Network!;
        var (own, relaying) = (Devices(), Devices());
        tunnels = new(
            new(settings.Post.Site, settings.Post.Host),
            own,
            Ends("tunnels", own, network.TunnelPort),
            new(network.IsRelay, network.DirectAbove, network.Window, clock),
            relays,
            clock,
            log);
        relay = network.IsRelay ? new(relaying, Ends("relaying", relaying, network.RelayPort), relays, clock, log) : null;
        return
        [
            tunnels.Run(times.Now, cancel), new SegmentPoll(link, segments, tunnels, clock, log, run.GetHashCode()).Run(cancel),
            new RelayPoll(link, tunnels, clock, log, run.GetHashCode() + 1).Run(cancel), .. relay is null ? Array.Empty<Task>() : [relay.Run(times.Now, cancel)],
            .. gateway is null ? Array.Empty<Task>() : [new GatewayLease(link, gateway, clock, log).Run(cancel)],
        ];
    }

    // Each for one thread: of the tunnels, and of the relay.
    private WireGuardDevices Devices() => new(settings.Post, settings.Network!, segments!.Network!.Mtu, clock);

    private EndKeeper Ends(string folder, WireGuardDevices devices, int firstPort) => new(new(Path.Combine(settings.StateFolder, folder)), devices, firstPort, settings.Network!.KeyLifetime, clock, log);

    private async Task Tell(ServiceLink link, CancellationToken cancel)
    {
        while (true)
        {
            await times.Next(cancel);
            // Made anew for each attempt: what was true before is not told late.
            var told = await tellingPatience.Try(
                async attempt =>
                {
                    var report = await reports.Make(attempt);
                    await link.Report(report, attempt);
                    return report;
                },
                cancel);
            outbox.Taken(told.Answers);
            reportedAt = clock.GetUtcNow();
        }
    }

    private async Task Ask(ServiceLink link, OrderDesk desk, CancellationToken cancel)
    {
        var (mailbox, last) = (Guid.Empty, 0L);
        while (true)
        {
            var (got, unread) = await askingPatience.Try(attempt => Orders(link, mailbox, last, attempt), cancel);
            if (got.Mailbox != mailbox)
            {
                // One that was opened anew has heard nothing yet.
                times.Now();
            }

            (mailbox, last, askedAt) = (got.Mailbox, got.Last, clock.GetUtcNow());
            Interlocked.Add(ref orders, got.Orders.Length);
            foreach (var answer in unread)
            {
                Answered(answer);
            }

            desk.Take(got);
        }
    }

    // Who does not answer may have lost what it was told: a move may wait for it.
    private async ValueTask<(HostOrders Orders, ImmutableArray<HostAnswer> Unread)> Orders(ServiceLink link, Guid mailbox, long last, CancellationToken cancel)
    {
        try
        {
            return await link.Orders(mailbox, last, cancel);
        }
        catch (LinkException)
        {
            times.Now();
            throw;
        }
    }

    private async Task Keep(ConsoleDesk consoles, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Housekeeping, clock, cancel);
            await consoles.Leave();
        }
    }

    private void Answered(HostAnswer answer)
    {
        outbox.Put(answer);
        times.Now();
    }

    /// <summary>Makes an agent's connections to the service.</summary>
    /// <param name="tls">How by https; null: as the machine trusts.</param>
    internal static SocketsHttpHandler Connections(SslClientAuthenticationOptions? tls)
    {
        var network = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = ConnectsWithin };
        network.SslOptions = tls ?? network.SslOptions;
        return network;
    }
}
