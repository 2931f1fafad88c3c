using System.Collections.Concurrent;
using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Grains.Tests.Making;

/// <summary>A host's agent as far as networks go: it asks for news, takes what it is told, and asks again with what it has.</summary>
internal sealed class OverlayAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<AppId, Segment> segments = [];
    private readonly IGrainFactory grains;
    private readonly HostPost host;
    private readonly Task work;
    private volatile TaskCompletionSource? held;

    private OverlayAgent(IGrainFactory grains, HostPost host)
    {
        (this.grains, this.host) = (grains, host);
        work = Task.Run(Work);
    }

    /// <summary>What the host has in force.</summary>
    public IReadOnlyDictionary<AppId, Segment> Segments => segments;

    /// <summary>Called with each segment that is in force anew.</summary>
    public Action<Segment>? Took { get; set; }

    /// <summary>Makes a host known to its site and starts its agent.</summary>
    public static async Task<OverlayAgent> Start(IGrainFactory grains, HostPost host, int mtu = 1500, string address = "192.0.2.1")
    {
        await Tell(grains, host, new(Address.Parse(address), mtu));
        return new(grains, host);
    }

    /// <summary>Starts the agent of a client that was let in and has told how it is reached.</summary>
    public static OverlayAgent OfClient(IGrainFactory grains, HostPost client) => new(grains, client);

    /// <summary>Tells the site what a host is.</summary>
    /// <param name="grains">Finds the site.</param>
    /// <param name="host">The host.</param>
    /// <param name="network">How it is reached; null: it is not on the overlay.</param>
    public static async Task Tell(IGrainFactory grains, HostPost host, HostNetwork? network)
    {
        var report = new HostReport(
            new HostFacts(4, 1L << 33, 1L << 40, new HypervisorFacts { Driver = "test", Version = "1" }, "1", "boot") { Network = network }, [], [], 1, Guid.NewGuid());
        await grains.Agent(host).Report(report);
        await grains.Site(host.Site).HostReported(host.Host, report);
    }

    /// <summary>Takes nothing and asks nothing from now on, as an agent that is cut off.</summary>
    public void Hold() => held ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Goes on.</summary>
    public void Release()
    {
        var waits = held;
        held = null;
        waits?.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        Release();
        await work;
        closing.Dispose();
    }

    private async Task Work()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await (held?.Task ?? Task.CompletedTask);
                var known = segments.ToImmutableSortedDictionary(segment => segment.Key.Key, segment => segment.Value.Revision);
                var news = await grains.Agent(host).Segments(new(known, 20)).WaitAsync(closing.Token);
                await (held?.Task ?? Task.CompletedTask);
                Array.ForEach([.. news.Updates], Take);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                // The test has ended.
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException && !closing.IsCancellationRequested)
            {
                // The silo is gone: another one is asked.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private void Take(SegmentUpdate update)
    {
        if (update.Leaves)
        {
            segments.TryRemove(update.Application, out _);
            return;
        }

        var next = update.Since == 0 ? Segment.Whole(update) : segments[update.Application].With(update) ?? throw new InvalidOperationException("the news do not fit");
        segments[update.Application] = next;
        Took?.Invoke(next);
    }
}
