using CsCheck;
using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Orleans;

public sealed class SqliteReminderTableTests() : ReminderTableContract(Kind.Sqlite);

public sealed class PostgresReminderTableTests() : ReminderTableContract(Kind.Postgres);

/// <summary>The reminder table's contract, on the table of a running silo.</summary>
public abstract class ReminderTableContract(Kind kind) : IAsyncLifetime
{
    private static readonly DateTime Start = new DateTime(2030, 11, 23, 17, 51, 0, DateTimeKind.Utc).AddTicks(1234560);
    private TestDatabase database = null!;
    private TestSilo silo = null!;
    private IReminderTable table = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Empty(kind);
        silo = await TestSilo.Start(database);
        table = silo.Services.GetRequiredService<IReminderTable>();
    }

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Each_part_of_the_ring_has_the_reminders_whose_hashes_are_in_it()
    {
        var grains = Enumerable.Range(0, 40).Select(i => GrainId.Create("note", $"grain {i}")).ToArray();
        foreach (var grain in grains)
        {
            await table.UpsertRow(Reminder(grain, "daily"), Cancel);
        }

        // Hashes themselves as bounds too: the begin is outside, the end inside.
        var bound = Gen.OneOf(Gen.UInt, Gen.OneOf([.. grains.Select(grain => grain.GetUniformHashCode())]));
        await Gen.Select(bound, bound).SampleAsync(
            async (begin, end) =>
            {
                var expected = grains.Where(grain => InRange(grain.GetUniformHashCode(), begin, end));

                var rows = (await table.ReadRows(begin, end, Cancel)).Reminders;

                rows.Select(row => row.GrainId).ShouldBe(expected, ignoreOrder: true);
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task A_reminder_is_read_back_the_same()
    {
        var reminder = Reminder(GrainId.Create("note", "a"), "rare");
        reminder.Period = TimeSpan.FromDays(45);

        reminder.ETag = await table.UpsertRow(reminder, Cancel);

        var read = (await table.ReadRow(reminder.GrainId, "rare", Cancel)).ShouldNotBeNull();
        (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag)
            .ShouldBe((reminder.GrainId, reminder.ReminderName, reminder.StartAt, reminder.Period, reminder.ETag));
        (await table.ReadRows(reminder.GrainId, Cancel)).Reminders.ShouldHaveSingleItem();
        (await table.ReadRow(reminder.GrainId, "other", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_reminder_that_was_changed_since_is_not_removed()
    {
        var reminder = Reminder(GrainId.Create("note", "a"), "daily");
        var stale = (await table.UpsertRow(reminder, Cancel)).ShouldNotBeNull();
        var current = (await table.UpsertRow(reminder, Cancel)).ShouldNotBeNull();

        (await table.RemoveRow(reminder.GrainId, "daily", stale, Cancel)).ShouldBeFalse();
        (await table.RemoveRow(reminder.GrainId, "daily", current, Cancel)).ShouldBeTrue();

        (await table.ReadRow(reminder.GrainId, "daily", Cancel)).ShouldBeNull();
    }

    // Equal bounds: the whole ring.
    private static bool InRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Reminder(GrainId grain, string name) =>
        new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = TimeSpan.FromDays(1) };
}
