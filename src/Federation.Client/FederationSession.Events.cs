using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Contracts;
using Federation.Domain.Events;

namespace Federation.Client;

/// <content>Events: read, and followed as they happen.</content>
public sealed partial class FederationSession
{
    /// <summary>How often <see cref="Follow"/> asks for what is new: an event is there within a second of when it was stored.</summary>
    public static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(1);

    /// <summary>Events after a sequence number that the holder sees, oldest first.</summary>
    /// <param name="after">The last number that was seen; 0: from the start.</param>
    /// <param name="limit">How many are looked at, from 1 to <see cref="EventPage.MostEvents"/>; those that are not the holder's are looked at and left out.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<EventPage> Events(long after, int limit, CancellationToken cancel = default) => Call(all => all.Overview().Events(after, limit), cancel);

    /// <summary>Events as they happen, with those before that are after a sequence number; ends only with the caller.</summary>
    /// <remarks>
    /// Goes on by itself, without a gap and without a repetition, after an outage, which it tells of. A program that keeps the number of the last event goes on
    /// there the next time it starts.
    /// </remarks>
    /// <param name="after">The last number that was seen; 0: from the start.</param>
    /// <param name="outage">Told of an outage as it begins, and null as it is over; null: nobody is told.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<LoggedEvent> Follow(long after, Action<Exception?>? outage = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var page in FollowPages(after, outage, cancel))
        {
            foreach (var happened in page)
            {
                yield return happened;
            }
        }
    }

    /// <summary>As <see cref="Follow"/>, and all that has happened since the last look at once, at least one.</summary>
    /// <inheritdoc cref="Follow"/>
    public async IAsyncEnumerable<ImmutableArray<LoggedEvent>> FollowPages(
        long after, Action<Exception?>? outage = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var isOut = false;
        while (true)
        {
            EventPage? page = null;
            try
            {
                page = await Events(after, EventPage.MostEvents, cancel);
                if (isOut)
                {
                    outage?.Invoke(null);
                }

                isOut = false;
            }
            catch (Exception fault) when (FederationClient.IsOutage(fault))
            {
                if (!isOut)
                {
                    outage?.Invoke(fault);
                }

                isOut = true;
            }

            if (page is { Events.IsEmpty: false })
            {
                yield return page.Events;
            }

            after = page?.Looked ?? after;
            if (page?.IsLast != false)
            {
                await Task.Delay(FollowInterval, clock, cancel);
            }
        }
    }

    /// <summary>The sequence number of the newest event; 0: nothing has happened yet.</summary>
    /// <remarks>The grains tell none, so it is looked for: some 40 short calls for a million events.</remarks>
    public async Task<long> NewestEvent(CancellationToken cancel = default)
    {
        long low = 0, high = 1;
        while (await IsBeyond(high))
        {
            (low, high) = (high, high * 2);
        }

        // Something is after low, or low is 0; nothing is after high.
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = await IsBeyond(middle) ? (middle, high) : (low, middle);
        }

        return await IsBeyond(low) ? high : low;

        async Task<bool> IsBeyond(long number) => (await Events(number, 1, cancel)).Looked > number;
    }
}
