using System.Collections.Immutable;
using Federation.Credentials;
using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;
using Federation.Sensor.Spool;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Tls;

/// <summary>A sensor at an API that asks its clients for certificates.</summary>
public sealed class SensorTlsTests : IDisposable
{
    private readonly TestCertificates certificates = new();
    private readonly string state = Directory.CreateTempSubdirectory("federation-sensor-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sensor_with_a_certificate_of_its_host_gets_in_at_the_address_that_answers()
    {
        await using var service = await certificates.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        await File.WriteAllTextAsync(TokenFile, service.TokenOf("sensor"), Cancel);

        // What it was told is kept for a start without the service.
        await Run(service, "own-client", () => File.Exists(Path.Combine(state, "service-vms.json")));

        (await File.ReadAllTextAsync(Path.Combine(state, "service-vms.json"), Cancel)).ShouldContain("\"sensor\":\"host-1\"");
    }

    [Fact]
    public async Task A_sensor_without_one_is_refused_as_everybody()
    {
        await using var service = await certificates.Start();
        await File.WriteAllTextAsync(TokenFile, service.TokenOf("sensor"), Cancel);
        var refused = Connecting.Refusals(service, 1);

        await Run(service, null, () => refused.IsCompleted);

        (await refused).ShouldBe(["api: no certificate was shown"]);
        File.Exists(Path.Combine(state, "service-vms.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_certificate_that_was_renewed_is_shown_without_a_restart()
    {
        await using var service = await certificates.Start();
        var (certificate, key) = (Path.Combine(state, "host.pem"), Path.Combine(state, "host.key"));
        Copy("own-expired", certificate, key);
        var shown = new ServiceCertificates(certificates.PathOf("own.pem"), certificate, key);
        (await IsLetIn(service, shown)).ShouldBeFalse();

        Copy("own-client", certificate, key);
        File.SetLastWriteTimeUtc(certificate, File.GetLastWriteTimeUtc(certificate).AddSeconds(1));

        (await IsLetIn(service, shown)).ShouldBeTrue();
    }

    public void Dispose()
    {
        certificates.Dispose();
        Directory.Delete(state, recursive: true);
    }

    private string TokenFile => Path.Combine(state, "token");

    private void Copy(string name, string certificate, string key)
    {
        File.Copy(certificates.PathOf($"{name}.pem"), certificate, overwrite: true);
        File.Copy(certificates.PathOf($"{name}.key"), key, overwrite: true);
    }

    private static async Task<bool> IsLetIn(RunningService service, ServiceCertificates shown)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = shown.Options() });
        try
        {
            using var response = await client.GetAsync(new Uri(service.Address, "/health/live"), Cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task Run(RunningService service, string? certificate, Func<bool> isDone)
    {
        var shown = new ServiceCertificates(
            certificates.PathOf("own.pem"),
            certificate is null ? null : certificates.PathOf($"{certificate}.pem"),
            certificate is null ? null : certificates.PathOf($"{certificate}.key"));
        var settings = new SensorSettings
        {
            Sensor = "host-1",
            Servers = [new("https://127.0.0.1:1"), service.Address],
            TokenFile = TokenFile,
            StateFolder = state,
            Listen = null,
            Capture = new() { Kind = CaptureKind.Taps, Interfaces = ["none*"] },
            AskService = TimeSpan.FromMilliseconds(50),
        };
        using var held = FolderLock.Take(state, "sensor host-1").ShouldBeOfType<LockOutcome.Taken>().Lock;
        using var capture = new NoCapture();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = new SensorDaemon(settings, held, capture, TimeProvider.System, NullLogger.Instance, shown.Options()).Run(stop.Token);
        while (!isDone())
        {
            running.IsCompleted.ShouldBeFalse();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }

        await stop.CancelAsync();
        await running;
    }

    /// <summary>A host on which nothing passes.</summary>
    private sealed class NoCapture : ILiveCapture
    {
        public string Backend => "none";

        public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> points) => [];

        public CaptureCut Cut() => new([], 0);

        public void Dispose()
        {
        }
    }
}
