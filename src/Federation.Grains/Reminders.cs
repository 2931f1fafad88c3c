namespace Federation.Grains;

/// <summary>What grains do with their reminders.</summary>
internal static class Reminders
{
    /// <summary>Takes a reminder back; there is none: nothing happens.</summary>
    public static async Task Forget(this IGrainBase grain, string reminder)
    {
        if (await grain.GetReminder(reminder) is { } known)
        {
            await grain.UnregisterReminder(known);
        }
    }
}
