using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using Federation.Domain.Events;
using Federation.Grains;
using Federation.Silo.Observing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Observing;

public sealed class ClockWatchTests
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    [Fact(Timeout = 60_000)]
    public async Task A_clock_that_is_set_is_told_with_by_how_much_and_one_that_goes_on_is_not_and_an_outage_loses_nothing()
    {
        var (clock, log) = (new SetClock(), new FailingLog());
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        using var watch = new ClockWatch(clock, new EventRecorder(log, clock), meters, new Silo(), NullLogger<ClockWatch>.Instance);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        await clock.FirstReading.WaitAsync(TestContext.Current.CancellationToken);
        clock.Set(TimeSpan.FromDays(1));
        (await Told()).ShouldStartWith("the clock of silo S127.0.0.1:11111:0 was set forward by 1.00:00:00 and says 2000-01-02T");

        log.Fails = true;
        clock.Set(TimeSpan.FromMinutes(-90));
        (await Told()).ShouldBe("away");
        log.Fails = false;
        var told = "away";
        while (told == "away")
        {
            told = await Told();
        }

        told.ShouldStartWith("the clock of silo S127.0.0.1:11111:0 was set back by 01:30:00");
        await watch.StopAsync(TestContext.Current.CancellationToken);
        log.Told.TryRead(out _).ShouldBeFalse("nothing else was set");

        // Time passes until something is told.
        async Task<string> Told()
        {
            while (true)
            {
                if (log.Told.TryRead(out var text))
                {
                    return text;
                }

                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                clock.Pass(Every);
                await Task.Yield();
            }
        }
    }

    /// <summary>A clock whose day can be set without time passing. Who reads the day and then the time that has passed reads both of one moment.</summary>
    private sealed class SetClock : FakeTimeProvider
    {
        [ThreadStatic]
        private static long? read;

        private readonly Lock gate = new();
        private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan shift;

        public Task FirstReading => first.Task;

        public void Pass(TimeSpan by)
        {
            lock (gate)
            {
                Advance(by);
            }
        }

        public void Set(TimeSpan by)
        {
            lock (gate)
            {
                shift += by;
            }
        }

        public override DateTimeOffset GetUtcNow()
        {
            lock (gate)
            {
                var now = base.GetUtcNow();
                read = now.Ticks;
                first.TrySetResult();
                return now + shift;
            }
        }

        public override long GetTimestamp()
        {
            var at = read;
            read = null;
            return at ?? base.GetUtcNow().Ticks;
        }
    }

    private sealed class Silo : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "federation";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 0);

        public SiloAddress GatewayAddress => SiloAddress;
    }

    private sealed class FailingLog : IEventLog
    {
        private readonly Channel<string> texts = Channel.CreateUnbounded<string>();

        public bool Fails { get; set; }

        public ChannelReader<string> Told => texts.Reader;

        public Task<long> Append(FederationEvent happened, CancellationToken cancel)
        {
            happened.Kind.Value.ShouldBe("clock.jumped");
            texts.Writer.TryWrite(Fails ? "away" : happened.Text);
            return Fails ? throw new IOException("away") : Task.FromResult(1L);
        }

        public Task<ImmutableArray<LoggedEvent>> ReadAfter(long sequence, int limit, CancellationToken cancel) => throw new NotSupportedException();

        public Task<bool> WaitForNewer(long sequence, TimeSpan timeout, CancellationToken cancel) => throw new NotSupportedException();
    }
}
