using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Guarding;

public sealed class LogTests
{
    [Fact]
    public async Task No_log_of_any_level_holds_a_token_or_a_key()
    {
        using var log = new Logged();
        await using var service = await RunningService.Start("--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Orleans=Debug", "--Logging:Console:LogLevel:Default=None");
        await service.Apply(SampleFiles.TwoClouds);
        using var made = await service.Post("/v1/sensors", """{ "sensor": "host-1", "site": "cheap" }""");
        var sensor = (await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\"token\":\"")[1].Split('"')[0];
        var (alice, forged) = (service.TokenOf("tenant"), Tokens.Forged(Tokens.Holders["tenant"]));
        foreach (var token in (string[])[sensor, alice, forged, "wrong-wrong-wrong-wrong"])
        {
            using var response = await service.Send(token, "GET", "/v1/sites");
        }

        var key = await File.ReadAllLinesAsync(Path.Combine(service.Folder, "issuer.key"), TestContext.Current.CancellationToken);
        log.Lines.ShouldContain(line => line.Contains("/v1/sites", StringComparison.Ordinal), "the log is looked at");
        foreach (var secret in (string[])[service.Token, sensor.Split('.')[^1], alice.Split('.')[2], forged.Split('.')[2], "wrong-wrong", key[1]])
        {
            log.Lines.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
        }
    }

    /// <summary>All that any logger of this process says.</summary>
    private sealed class Logged : EventListener
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Extensions-Logging")
            {
                EnableEvents(eventSource, EventLevel.LogAlways, (EventKeywords)4, new Dictionary<string, string?> { ["FilterSpecs"] = "UseAppFilters" });
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            Lines?.Enqueue(string.Join(' ', eventData.Payload?.Select(part => $"{part}") ?? []));
    }
}
