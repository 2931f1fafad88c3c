using System.Net.Security;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Host.Linking;
using Federation.Host.Settings;
using Federation.Sensor.Daemon;
using Federation.Sensor.Posting;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>The agent of a client: asks the service what this machine is, and keeps it on its application's network until it is stopped. Started anew, it finds what is there.</summary>
/// <param name="settings">What to do.</param>
/// <param name="state">The state folder; stays the caller's.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="log">Hears what happens.</param>
/// <param name="tls">How connections by https are made; null: as the machine trusts.</param>
public sealed class ClientDaemon(ClientSettings settings, FolderLock state, TimeProvider clock, ILogger log, SslClientAuthenticationOptions? tls = null)
{
    // A token that is not good yet, or no more, may be replaced.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly Guid run = Guid.NewGuid();
    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private volatile ClientMember? member;
    private volatile string? failure;

    /// <summary>How it is doing: as a host's agent that has no VMs.</summary>
    public AgentState State => new(
        SegmentClients.Site.Value, member?.Post is { } post ? post.Id.Host : "", run, startedAt, clock.GetUtcNow(), null, [], member?.Reports ?? 0, member?.ReportedAt, member?.ReportedAt, 0, 0, member?.Failure ?? failure)
    {
        Paths = member?.Tunnels.Paths.Told ?? [],
        RelaysHeard = member?.Tunnels.Paths.Heard ?? [],
        PathChanges = member?.Tunnels.Paths.Changes ?? 0,
    };

    /// <summary>Runs until it is stopped; what is set up stays.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    public async Task Run(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var page = settings.Listen is { } address ? new StatusServer(address, () => JsonSerializer.Serialize(State, DomainJson.Options), () => AgentMetrics.Of(State)) : null;
        List<Task> tasks = [Work(over.Token)];
        if (page?.Start() is { } fault)
        {
            log.ListeningFailed($"{settings.Listen}", fault);
        }
        else if (page is not null)
        {
            log.Listening($"{settings.Listen}");
            tasks.Add(page.Run(over.Token));
        }

        await tasks[0].ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await Task.WhenAll(tasks);
    }

    private async Task Work(CancellationToken stop)
    {
        using var http = new HttpClient(HostDaemon.Connections(tls)) { Timeout = TimeSpan.FromMinutes(2) };
        var link = new ServiceLink(http, new ServiceAddresses(settings.Servers), () => File.ReadAllText(settings.TokenFile).Trim(), clock);
        var files = new FolderFiles(state);
        var memory = new ClientMemory(files);
        try
        {
            var post = memory.Read();
            while (true)
            {
                post ??= await Ask(link, stop);
                memory.Keep(post);
                using var serving = new ClientMember(settings, post, link, files, clock, log, run.GetHashCode());
                member = serving;
                log.ClientStarted(post.Name, $"{post.Application}");
                post = await serving.Run(stop);
                member = null;
                memory.Forget();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.ClientStopping();
        }
    }

    private async Task<ClientPost> Ask(ServiceLink link, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var post = await link.Attach(new(settings.Network.Mtu ?? HostNetwork.LeastMtu, []), cancel);
                failure = null;
                return post;
            }
            catch (LinkException fault)
            {
                if (failure != fault.Message)
                {
                    log.ClientNotTaken(fault.Message);
                }

                failure = fault.Message;
                await Task.Delay(Again, clock, cancel);
            }
        }
    }
}
