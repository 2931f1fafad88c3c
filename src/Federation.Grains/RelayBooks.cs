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
    private Look<RelayCopy>? look;

    /// <summary>The relays, up to <see cref="MostAge"/> old; null: nothing is known yet.</summary>
    public async Task<RelayBook?> Now() => (await Copied()).Book;

    private Task<RelayCopy> Copied()
    {
        lock (gate)
        {
            // A question under way is not asked again, however long it takes.
            if (look is null || (look.Task.IsCompleted && !look.IsFresh(MostAge)))
            {
                look = new(Fetch(look?.Done ?? new(Guid.Empty, null)));
            }

            return look.Task;
        }
    }

    private async Task<RelayCopy> Fetch(RelayCopy known) => await grains.Relays().Copy(known.Stamp) ?? known;
}
