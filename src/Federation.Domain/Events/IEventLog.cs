using System.Collections.Immutable;

namespace Federation.Domain.Events;

/// <summary>The federation's events in the order in which they were appended; append only.</summary>
/// <remarks>Safe for use by several threads.</remarks>
public interface IEventLog
{
    /// <summary>Adds an event and returns its sequence number, once it is durable.</summary>
    Task<long> Append(FederationEvent happened, CancellationToken cancel);

    /// <summary>The first events after a sequence number, oldest first; 0 reads from the start.</summary>
    /// <param name="sequence">The last sequence number that the reader has seen.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <param name="cancel">Stops reading.</param>
    Task<ImmutableArray<LoggedEvent>> ReadAfter(long sequence, int limit, CancellationToken cancel);

    /// <summary>Waits until there is an event after a sequence number: true; false if there was none in time.</summary>
    /// <remarks>An append through this instance wakes the waiter; one through another is found by the next call.</remarks>
    /// <param name="sequence">The last sequence number that the reader has seen.</param>
    /// <param name="timeout">How long to wait; zero only looks, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancel">Stops waiting.</param>
    Task<bool> WaitForNewer(long sequence, TimeSpan timeout, CancellationToken cancel);
}
