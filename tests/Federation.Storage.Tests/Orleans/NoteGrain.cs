using System.Threading.Channels;

namespace Federation.Storage.Tests.Orleans;

/// <summary>Keeps a text and has reminders.</summary>
public interface INoteGrain : IGrainWithStringKey
{
    Task Write(string text);

    Task<string> Read();

    Task Clear();

    Task Remind(string name, TimeSpan period);

    Task<bool> Forget(string name);

    Task<string[]> Reminders();
}

/// <summary>What a <see cref="NoteGrain"/> keeps.</summary>
[GenerateSerializer]
[Alias("Federation.Storage.Tests.Note")]
public sealed class Note
{
    [Id(0)]
    public string Text { get; set; } = "";
}

/// <summary>Its reminders' ticks, for the test that waits for them.</summary>
public static class Ticks
{
    private static readonly Channel<string> Channel = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public static ChannelReader<string> Reader => Channel.Reader;

    public static void Add(string tick) => Channel.Writer.TryWrite(tick);
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<Note> note) : Grain, INoteGrain, IRemindable
{
    public Task Write(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(note.State.Text);

    public Task Clear() => note.ClearStateAsync();

    public Task Remind(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<bool> Forget(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string[]> Reminders() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order()];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Ticks.Add(reminderName);
        return Task.CompletedTask;
    }
}
