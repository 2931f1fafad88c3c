using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;
using Federation.Host.Linking;
using Federation.Host.Networks;
using Federation.Host.Networks.Dhcp;
using Federation.Host.Reporting;
using Federation.Host.Settings;
using Federation.Host.Tunnels;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>This machine as one client of one application's network, for as long as it is that.</summary>
internal sealed class ClientMember : IDisposable
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly NetworkSettings network;
    private readonly ServiceLink link;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly int seed;
    private readonly ReportTimes times;
    private readonly ClientPlumber plumber;
    private readonly SegmentDesk segments;

    /// <summary>Prepares.</summary>
    /// <param name="settings">What the file says.</param>
    /// <param name="post">Which client it is.</param>
    /// <param name="link">The line to the service.</param>
    /// <param name="files">The state folder.</param>
    /// <param name="clock">Times waits.</param>
    /// <param name="log">Hears what happens.</param>
    /// <param name="seed">Of the waits' jitter.</param>
    public ClientMember(ClientSettings settings, ClientPost post, ServiceLink link, ISpoolFiles files, TimeProvider clock, ILogger log, int seed)
    {
        (Post, this.link, this.clock, this.log, this.seed) = (post, link, clock, log, seed);
        network = settings.Network with { Address = post.Below };
        times = new(clock);
        plumber = new(network, settings.Lan);
        segments = new(post.Id, new SegmentPlumber(network), new(TapSocket.Open, clock, log), new(files, log), clock, log, client: plumber);
        var (devices, folder) = (new WireGuardDevices(new HostPost(post.Id.Site, post.Id.Host), network, Mtu, clock), settings.StateFolder);
        Tunnels = new(
            post.Id,
            devices,
            new(new(Path.Combine(folder, "tunnels")), devices, network.TunnelPort, network.KeyLifetime, clock, log),
            new(isRelay: false, network.DirectAbove, network.Window, clock),
            new(files),
            clock,
            log);
    }

    /// <summary>Which client it is.</summary>
    public ClientPost Post { get; }

    /// <summary>Its tunnels.</summary>
    public TunnelDesk Tunnels { get; }

    /// <summary>Reports that the service has taken.</summary>
    public long Reports { get; private set; }

    /// <summary>When the service last took one; null: never yet.</summary>
    public DateTimeOffset? ReportedAt { get; private set; }

    /// <summary>Why the service does not take it; null: it does.</summary>
    public string? Failure { get; private set; }

    private int Mtu => network.Mtu ?? HostNetwork.LeastMtu;

    /// <summary>Runs until the service says that this is another client, or none.</summary>
    /// <returns>Which it is; null: none.</returns>
    public async Task<ClientPost?> Run(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await segments.Begin(stop);
        var told = Tell(over.Token);
        List<Task> tasks =
        [
            told, Look(over.Token), Tunnels.Run(times.Now, over.Token), Ask(over.Token), new RelayPoll(link, Tunnels, clock, log, seed + 1).Run(over.Token),
        ];
        times.Now();
        await Task.WhenAny(tasks);
        await over.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        foreach (var failed in tasks.Where(task => task.IsFaulted))
        {
            await failed;
        }

        await Leave(stop);
        return await told;
    }

    /// <summary>What is in force stays so.</summary>
    public void Dispose() => segments.Dispose();

    // Until the service says that this is no such client.
    private async Task<ClientPost?> Tell(CancellationToken cancel)
    {
        while (true)
        {
            await times.Next(cancel);
            try
            {
                if (await link.Attach(new(Mtu, Tunnels.Ends), cancel) is { } post && post != Post)
                {
                    return post;
                }

                (Reports, ReportedAt, Failure) = (Reports + 1, clock.GetUtcNow(), null);
            }
            catch (LinkException fault) when (fault.Status is 401 or 403)
            {
                log.ClientNotTaken(fault.Message);
                return null;
            }
            catch (LinkException fault)
            {
                if (Failure != fault.Message)
                {
                    log.ClientNotTaken(fault.Message);
                }

                Failure = fault.Message;
                await Task.Delay(Again, clock, cancel);
                times.Now();
            }
        }
    }

    private async Task Ask(CancellationToken cancel)
    {
        if (Tunnels.Ends.IsEmpty)
        {
            // Without keys hosts are not told of it, and nothing of them is told here.
            await Tunnels.Heed([], new([]), [], cancel);
        }

        await new SegmentPoll(link, segments, Tunnels, clock, log, seed).Run(cancel);
    }

    private async Task Look(CancellationToken cancel)
    {
        var (aloneSince, isTold) = ((long?)null, false);
        while (true)
        {
            await segments.See(segments.BeginLook(), [], cancel);
            var isAlone = Tunnels.Paths.Heard.IsEmpty && Tunnels.Paths.Told.All(path => path.Kind == PathKind.None);
            aloneSince = isAlone ? aloneSince ?? clock.GetTimestamp() : null;
            var isLong = aloneSince is { } since && clock.GetElapsedTime(since) >= Patience;
            if (isLong && !isTold)
            {
                log.ClientReachesNobody(string.Join(", ", Tunnels.Relays.Relays.Select(relay => $"{relay.Id} at {relay.Address}")) is { Length: > 0 } relays ? relays : "none");
            }

            isTold = isLong;
            await Task.Delay(LooksEvery, clock, cancel);
        }
    }

    private async Task Leave(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await segments.Take(new([SegmentRegister.Nothing(Post.Application, 0, 1)]), cancel);
                await Tunnels.End(cancel);
                await plumber.End(cancel);
                log.ClientLeft(Post.Name, $"{Post.Application}");
                return;
            }
            catch (DriverException fault)
            {
                log.NetworkNotReady(fault.Message);
                await Task.Delay(Again, clock, cancel);
            }
        }
    }
}
