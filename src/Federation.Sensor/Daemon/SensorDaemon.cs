using System.Net.Security;
using System.Text.Json;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Posting;
using Federation.Sensor.Settings;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>A whole sensor: counts, keeps, sends, asks for VMs and tells how it is doing, until it is stopped.</summary>
/// <param name="settings">What to do.</param>
/// <param name="state">The state folder; stays the caller's.</param>
/// <param name="capture">Counts; stays the caller's.</param>
/// <param name="time">Tells the time.</param>
/// <param name="log">Hears what happens.</param>
/// <param name="tls">How connections by https are made; null: as the machine trusts.</param>
public sealed class SensorDaemon(
    SensorSettings settings, FolderLock state, ILiveCapture capture, TimeProvider time, ILogger log, SslClientAuthenticationOptions? tls = null)
{
    // Where there is another address, nobody waits for long at one that is silent.
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(15);

    // How late an interface that comes is watched at most.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Guid boot = Guid.NewGuid();
    private readonly ServiceAddresses servers = new(settings.Servers);

    /// <summary>Runs until it is stopped; then the open window is kept for the next start.</summary>
    /// <exception cref="IOException">The state folder cannot be used.</exception>
    public async Task Run(CancellationToken stop)
    {
        var files = new FolderFiles(state);
        var spool = new WindowSpool(files, new SpoolOptions { MaxBytes = settings.SpoolBytes });
        log.Started(settings.Sensor, boot, capture.Backend, spool.Recovery.Reports);
        if (spool.Recovery.TornBytes > 0)
        {
            log.SpoolTorn(spool.Recovery.TornBytes);
        }

        using var http = new HttpClient(Handler()) { Timeout = TimeSpan.FromMinutes(1) };
        var vms = new HostVms();
        vms.Take("configuration", new VmListing(settings.Vms, []));
        var listeners = Sources(http, files, vms).Select(source => new VmListener(source, vms, time, log)).ToList();
        var sensor = new HostSensor(settings, capture, vms, HostInterfaces.Names, files, spool, boot, time, log);
        using var sender = new SpoolSender(spool, PosterOver(http), settings.BatchSize, time, log);
        sender.Wake();
        await RunAll(sensor, spool, sender, listeners, stop);
        sensor.Stop();
    }

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        handler.ConnectTimeout = servers.HasOthers ? ConnectsWithin : handler.ConnectTimeout;
        handler.SslOptions = tls ?? handler.SslOptions;
        return handler;
    }

    private async Task RunAll(
        HostSensor sensor, WindowSpool spool, SpoolSender sender, IEnumerable<VmListener> listeners, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var server = settings.Listen is { } address
            ? new StatusServer(
                address,
                () => JsonSerializer.Serialize(Together(sensor.Status, spool, sender.Status), SensorStatusJson.Default.SensorStatus),
                () => Metrics.Of(Together(sensor.Status, spool, sender.Status)))
            : null;
        List<Task> tasks = [Count(sensor, sender, over.Token), sender.Run(over.Token), .. listeners.Select(listener => listener.Run(over.Token))];
        if (server is not null && Listens(server))
        {
            tasks.Add(server.Run(over.Token));
        }

        // The first to end is the one that failed, if none was stopped: the others must not go on without it.
        await Task.WhenAny(tasks);
        await over.CancelAsync();
        await Task.WhenAll(tasks);
    }

    // Where nobody can look the sensor works all the same.
    private bool Listens(StatusServer server)
    {
        if (server.Start() is { } fault)
        {
            log.ListeningFailed(settings.Listen!.ToString(), fault);
            return false;
        }

        log.Listening(settings.Listen!.ToString());
        return true;
    }

    private async Task Count(HostSensor sensor, SpoolSender sender, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (sensor.Tick())
            {
                sender.Wake();
            }

            var left = sensor.Due - time.GetUtcNow();
            var wait = left < Step ? left : Step;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IEnumerable<IVmSource> Sources(HttpClient http, FolderFiles files, HostVms vms)
    {
        if (settings.AskService is { } every)
        {
            var service = new ServiceVms(http, servers, Token, every, files);
            if (service.Recall() is { } known)
            {
                vms.Take(service.Name, known);
            }

            yield return service;
        }

        if (settings.Libvirt is { } libvirt)
        {
            yield return new LibvirtVms(libvirt, new Virsh());
        }
    }

    /// <summary>A poster with the token as its file has it now.</summary>
    private Func<WindowPoster> PosterOver(HttpClient http)
    {
        (string Token, WindowPoster Poster)? last = null;
        return () =>
        {
            var token = Token();
            if (last?.Token != token)
            {
                last = (token, new WindowPoster(http, OptionsWith(token), time));
            }

            return last.Value.Poster;
        };
    }

    private WindowPosterOptions OptionsWith(string token) => new()
    {
        Server = servers,
        Token = token,
        BatchSize = settings.BatchSize,
        Retries = 3,
        BreaksCircuit = true,
        RequestTimeout = servers.HasOthers ? AnswersWithin : AnswersWithin * 2,
        Seed = boot.GetHashCode(),
    };

    private string Token() => File.ReadAllText(settings.TokenFile).Trim();

    private static SensorStatus Together(SensorStatus status, WindowSpool spool, DeliveryStatus delivery)
    {
        var figures = spool.Figures;
        return status with
        {
            Spool = new(figures.Reports, figures.Bytes, figures.Oldest?.Start, figures.MergedReports, status.Spool.Lost),
            Delivery = delivery,
        };
    }
}
