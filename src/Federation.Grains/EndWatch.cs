using Federation.Domain.Guests;
using Federation.Domain.Migration;

namespace Federation.Grains;

/// <summary>Looks at both ends of a migration, and remembers what they looked like last and since when. Of one activation.</summary>
internal sealed class EndWatch(IHypervisor hypervisor, TimeProvider clock)
{
    private MigrationLook? last;
    private long since;
    private long? stoodStillSince;

    /// <summary>For how long both ends have looked the same.</summary>
    public TimeSpan Unchanged => last is null ? TimeSpan.Zero : clock.GetElapsedTime(since);

    /// <summary>For how long the VM stands still by now, as far as it was seen, seconds; null: it was not seen so.</summary>
    public double? StoodStillSeconds => stoodStillSince is { } began ? clock.GetElapsedTime(began).TotalSeconds : null;

    /// <summary>Looks; a look that differs in nothing but the time that has passed is the same look.</summary>
    /// <param name="order">The migration.</param>
    /// <param name="waits">Whether to wait for a change, some seconds at most.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<MigrationLook> Look(MigrationOrder order, bool waits, CancellationToken cancel)
    {
        var look = await hypervisor.Look(order, waits ? last : null, cancel);
        if (last is null || MigrationLook.HasChanged(last, look))
        {
            since = clock.GetTimestamp();
        }

        last = look;
        if (look.Source.Copy?.State is GuestState.AtSwitch or GuestState.Sending or GuestState.Sent)
        {
            stoodStillSince ??= clock.GetTimestamp();
        }

        return look;
    }

    /// <summary>A migration with the newest that its source has told of the copying.</summary>
    public MigrationState WithProgress(MigrationState migration) =>
        last?.Source.Copy?.Transfer is { } told && told.Migration == migration.Order.Id ? migration with { Progress = told } : migration;
}
