using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <inheritdoc cref="IRetentionGrain"/>
public sealed class RetentionGrain(
    [PersistentState("retention", GrainStateSerializer.StorageName)] IPersistentState<RetentionGrain.Stored> state,
    ITrafficStore store,
    TimeProvider clock) : Grain, IRetentionGrain, IRemindable
{
    private const string Reminder = "sweep";

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task Keep(TimeSpan? retention)
    {
        if (state.State.Retention != retention)
        {
            state.State.Retention = retention;
            await this.Store(state);
        }

        // Done again for what was set before: a crash may have come between the two.
        if (retention is { } duration)
        {
            var period = Period(duration);
            await this.RegisterOrUpdateReminder(Reminder, period, period);
        }
        else
        {
            await this.Forget(Reminder);
        }
    }

    /// <inheritdoc/>
    public async Task<int> Sweep()
    {
        var now = clock.GetUtcNow();
        if (state.State.Retention is not { } retention || retention > now - DateTimeOffset.UnixEpoch)
        {
            return 0;
        }

        if (await HasLeapt(now, retention))
        {
            return 0;
        }

        var deleted = await store.DeleteBefore(Id, Window.Containing(now - retention), CancellationToken.None);
        await EndWithTheLastWindow();
        return deleted;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    // A tenth of the time that is kept is the most that is kept too long.
    private static TimeSpan Period(TimeSpan retention) =>
        TimeSpan.FromTicks(Math.Clamp(retention.Ticks / 10, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour));

    // What a clock that was set ahead calls old may be of yesterday: it is believed in the next sweep, if it still says so.
    private async Task<bool> HasLeapt(DateTimeOffset now, TimeSpan retention)
    {
        var before = state.State.SweptAt;
        state.State.SweptAt = now;
        await this.Store(state);
        return before is { } last && now - last > 3 * Period(retention);
    }

    private async Task EndWithTheLastWindow()
    {
        var roster = await GrainFactory.Application(Id).Roster(Guid.Empty);
        if ((roster.Application != Id || roster.Stamp == Guid.Empty) && await store.LatestWindow(Id, null, CancellationToken.None) is null)
        {
            await GrainFactory.Placement(Id).ForgetWorlds();
            await this.Forget(Reminder);
            await state.ClearStateAsync();
        }
    }

    /// <summary>What is stored of an application's retention.</summary>
    public sealed class Stored
    {
        /// <summary>How long its traffic is kept; null: for ever.</summary>
        public TimeSpan? Retention { get; set; }

        /// <summary>When the last sweep was, by the clock of then; null: never.</summary>
        public DateTimeOffset? SweptAt { get; set; }
    }
}
