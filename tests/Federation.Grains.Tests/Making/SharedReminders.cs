using System.Collections.Concurrent;

namespace Federation.Grains.Tests.Making;

/// <summary>Reminders in memory that outlive the silos of a test cluster, as a database does.</summary>
/// <param name="clock">By which a test sees what is due; the silos' own reminders keep the system's time, in which no minute passes during a test.</param>
internal sealed class SharedReminders(TimeProvider clock) : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), (ReminderEntry Row, DateTimeOffset Due)> rows = new();

    /// <summary>Takes what is due by now, each once however often it would have come; then it is due again after its period.</summary>
    public IReadOnlyList<(GrainId Grain, string Name, TickStatus Status)> TakeDue()
    {
        var (due, now) = (new List<(GrainId, string, TickStatus)>(), clock.GetUtcNow());
        foreach (var (key, (row, at)) in rows.Where(row => row.Value.Due <= now).OrderBy(row => row.Value.Due))
        {
            if (rows.TryUpdate(key, (row, now + row.Period), (row, at)))
            {
                due.Add((key.Grain, key.Name, new(at.UtcDateTime, row.Period, now.UtcDateTime)));
            }
        }

        return due;
    }

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData(rows.Values.Select(row => row.Row).Where(row => row.GrainId == grainId)));

    // The ring: begin is excluded, end included; from end to begin it goes around.
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData(rows.Values.Select(row => row.Row).Where(row =>
    {
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    })));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(rows.TryGetValue((grainId, reminderName), out var row) ? row.Row : null);

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = Guid.NewGuid().ToString();
        rows[(entry.GrainId, entry.ReminderName)] = (entry, clock.GetUtcNow() + (entry.StartAt - TimeProvider.System.GetUtcNow().UtcDateTime));
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        rows.TryGetValue((grainId, reminderName), out var row) && row.Row.ETag == eTag && rows.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable()
    {
        rows.Clear();
        return Task.CompletedTask;
    }
}
