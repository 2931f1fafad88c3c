using System.Diagnostics;

namespace Federation.Grains;

/// <summary>A silo's own copy of something, and the question by which it is had. Its age it counts by the machine's clock: it has nothing to do with the time that the service plans for.</summary>
/// <param name="task">The question, under way or answered.</param>
internal sealed class Look<T>(Task<T> task)
{
    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>The question.</summary>
    public Task<T> Task => task;

    /// <summary>What was answered; null: nothing yet, or it failed.</summary>
    public T? Done => task.IsCompletedSuccessfully ? task.Result : default;

    /// <summary>Whether it will do: it was asked no longer ago than that, and did not fail.</summary>
    public bool IsFresh(TimeSpan mostAge) => !task.IsFaulted && !task.IsCanceled && Stopwatch.GetElapsedTime(began) < mostAge;
}
