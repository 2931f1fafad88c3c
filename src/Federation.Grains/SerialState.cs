namespace Federation.Grains;

/// <summary>What a reentrant grain stores, changed one step at a time. Calls that interleave see nothing that a write has not confirmed.</summary>
/// <param name="state">Where it is stored; read before it is used here.</param>
internal sealed class SerialState<T>(IPersistentState<T> state) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim turn = new(1);
    private T? stored;

    /// <summary>What is stored.</summary>
    public T Now => stored ??= state.State;

    /// <summary>Takes a step from what is stored when its turn comes. One that gives the same object changes nothing.</summary>
    public async Task Change(Func<T, T> step)
    {
        await turn.WaitAsync();
        try
        {
            var (now, next) = (Now, step(Now));
            if (!ReferenceEquals(next, now))
            {
                state.State = next;
                var failed = await StoredStates.Write(state);
                // Where nobody answers, nothing has changed: a later write over a newer state is refused, and ends the activation.
                state.State = failed is { IsReadBack: false } ? now : state.State;
                stored = state.State;
                failed?.Why.Throw();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes a step unless something else was stored since; false: something was, and nothing is changed.</summary>
    public async Task<bool> Change(T seen, Func<T> step)
    {
        var isTaken = false;
        await Change(now =>
        {
            isTaken = ReferenceEquals(now, seen);
            return isTaken ? step() : now;
        });
        return isTaken;
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
