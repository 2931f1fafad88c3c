using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Tunnels;

/// <summary>Keeps the host's own ends as their keys' age asks for. <see cref="Told"/> is for all threads, the rest for one.</summary>
/// <param name="own">Its own ends.</param>
/// <param name="devices">Makes keys.</param>
/// <param name="firstPort">The first of the two UDP ports at which it receives.</param>
/// <param name="lifetime">How long keys are used.</param>
/// <param name="clock">Tells the age of keys.</param>
/// <param name="log">Hears of new ones.</param>
/// <exception cref="IOException">The ends of an earlier run cannot be read.</exception>
internal sealed class EndKeeper(OwnEnds own, ITunnelDevices devices, int firstPort, TimeSpan lifetime, TimeProvider clock, ILogger log)
{
    private readonly Lock gate = new();

    // Ends of an earlier run receive: whoever heard that there are none would drop this host.
    private ImmutableArray<TunnelEnd> told = [.. own.All.Values.Select(end => end.End)];
    private long? settledAt;

    /// <summary>All of them, by generation.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public ImmutableSortedDictionary<int, OwnEnd> All => own.All;

    /// <summary>What other hosts are told.</summary>
    public ImmutableArray<TunnelEnd> Told
    {
        get
        {
            lock (gate)
            {
                return told;
            }
        }
    }

    /// <summary>Begins another generation where it is time.</summary>
    /// <param name="theirs">Generations of the others.</param>
    /// <param name="drop">Takes away what an older generation has.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task Renew(IEnumerable<int> theirs, Func<int, CancellationToken, Task> drop, CancellationToken cancel)
    {
        if (KeyRenewal.Next(own.All.ToImmutableSortedDictionary(end => end.Key, end => end.Value.MadeAt), theirs, lifetime, clock.GetUtcNow()) is not { } next)
        {
            return;
        }

        foreach (var old in own.All.Keys.SkipLast(KeyRenewal.Kept - 1).ToList())
        {
            await drop(old, cancel);
            own.Remove(old);
        }

        var (secret, key) = await devices.MakeKeys(cancel);
        var taken = own.All.Values.Select(end => end.Port).ToHashSet();
        own.Add(new(next, secret, key, taken.Contains(firstPort) ? firstPort + 1 : firstPort, clock.GetUtcNow()));
        settledAt = null;
        log.TunnelKeysMade(next);
    }

    /// <summary>Gives the older generation up once it is not needed any more.</summary>
    /// <param name="isSettled">Whether everybody is reached by the newest one.</param>
    /// <param name="drop">Takes away what an older generation has.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task GiveUp(bool isSettled, Func<int, CancellationToken, Task> drop, CancellationToken cancel)
    {
        settledAt = isSettled ? settledAt ?? clock.GetTimestamp() : null;
        if (KeyRenewal.Over([.. own.All.Keys], settledAt is { } since ? clock.GetElapsedTime(since) : null) is { } old)
        {
            await drop(old, cancel);
            own.Remove(old);
        }
    }

    /// <summary>Others are told of what there is now.</summary>
    /// <returns>Whether that is something else.</returns>
    public bool Tell()
    {
        ImmutableArray<TunnelEnd> now = [.. own.All.Values.Select(end => end.End)];
        lock (gate)
        {
            var isOther = !now.SequenceEqual(told);
            told = now;
            return isOther;
        }
    }
}
