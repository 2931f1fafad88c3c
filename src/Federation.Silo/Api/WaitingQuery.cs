using Federation.Contracts;
using Federation.Domain.Traffic;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Federation.Silo.Api;

/// <summary>Asks a traffic grain a query that may wait longer than a call between grains may take.</summary>
/// <remarks>
/// Each call takes a third of that time at most. What is left of the wait is asked for anew, until the grain has answered or the client has gone: a
/// silo that goes away meanwhile interrupts one call, and an hour's wait holds no call that nobody can tell from a lost one.
/// </remarks>
internal sealed class WaitingQuery(IOptions<SiloMessagingOptions> messaging, TimeProvider clock)
{
    private readonly TimeSpan slice = messaging.Value.ResponseTimeout / 3;

    /// <summary>What comes of the query; null: there is no such application.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public async Task<TrafficOutcome?> Ask(ITrafficGrain grain, TrafficQuery query, CancellationToken cancel)
    {
        var asked = clock.GetTimestamp();
        while (true)
        {
            var left = query.Wait - clock.GetElapsedTime(asked);
            using var over = left > slice ? new CancellationTokenSource(slice, clock) : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancel);
            try
            {
                return await grain.Query(query with { Wait = left > TimeSpan.Zero ? left : TimeSpan.Zero }, either.Token);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                // Once more, for what is left.
            }
        }
    }
}
