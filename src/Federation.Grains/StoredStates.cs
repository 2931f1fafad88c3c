using System.Runtime.ExceptionServices;

namespace Federation.Grains;

/// <summary>How grains store what they keep.</summary>
/// <remarks>
/// A write that failed was done or was not. What is in memory then may never be answered, nor taken for stored when the same is asked again: the
/// state is read back.
/// </remarks>
internal static class StoredStates
{
    /// <summary>Stores a grain's state. Where the database answers neither to that nor to reading it back, the activation ends, and the next one reads it.</summary>
    public static async Task Store<T>(this IGrainBase grain, IPersistentState<T> state)
    {
        if (await Write(state) is { } failed)
        {
            if (!failed.IsReadBack)
            {
                grain.DeactivateOnIdle();
            }

            failed.Why.Throw();
        }
    }

    /// <summary>Writes a state; what went wrong, and whether it was read back; null: it is stored.</summary>
    public static async Task<FailedWrite?> Write<T>(IPersistentState<T> state)
    {
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
            return null;
        }
        catch (Exception fault)
        {
            return new(ExceptionDispatchInfo.Capture(fault), await IsReadBack(state));
        }
    }

    private static async Task<bool> IsReadBack<T>(IPersistentState<T> state)
    {
        try
        {
            await state.ReadStateAsync(CancellationToken.None);
            return true;
        }
        catch (Exception)
        {
            // What stopped the write is what the caller is told.
            return false;
        }
    }

    /// <summary>A write that failed.</summary>
    /// <param name="Why">What stopped it.</param>
    /// <param name="IsReadBack">Whether memory has what is stored.</param>
    internal readonly record struct FailedWrite(ExceptionDispatchInfo Why, bool IsReadBack);
}
