using System.Diagnostics;
using Federation.Contracts;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <summary>A silo's own copy of the relays: a thousand mailboxes look at it every second. Its age it counts by the machine's clock. Safe for all threads.</summary>
/// <param name="grains">Where they are asked for.</param>
public sealed class RelayBooks(IGrainFactory grains)
{
    /// <summary>How old a copy may be.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<RelayCopy>? look;
    private long begun;

    /// <summary>The relays, up to <see cref="MostAge"/> old; null: nothing is known yet.</summary>
    public async Task<RelayBook?> Now() => (await Copied()).Book;

    private Task<RelayCopy> Copied()
    {
        lock (gate)
        {
            if (look is null or { IsFaulted: true } or { IsCanceled: true } || (look.IsCompleted && Stopwatch.GetElapsedTime(begun) >= MostAge))
            {
                (look, begun) = (Fetch(look is { IsCompletedSuccessfully: true } ? look.Result : new(Guid.Empty, null)), Stopwatch.GetTimestamp());
            }

            return look;
        }
    }

    private async Task<RelayCopy> Fetch(RelayCopy known) => await grains.Relays().Copy(known.Stamp) ?? known;
}
