using System.Runtime.CompilerServices;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>Waits for what other processes do.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // A guard against what never comes, not a measurement.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="TimeoutException">It does not, for minutes.</exception>
    public static Task Until(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "") => Until(() => Task.FromResult(holds()), what);

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="TimeoutException">It does not, for minutes.</exception>
    public static async Task Until(Func<Task<bool>> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await holds();)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Longest)
            {
                throw new TimeoutException($"never came: {what}");
            }

            await Task.Delay(Step, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Signals when a wait of that kind has been too long.</summary>
    public static CancellationTokenSource Limit() => CancellationTokenSource.CreateLinkedTokenSource(
        new CancellationTokenSource(Longest, TimeProvider.System).Token, TestContext.Current.CancellationToken);
}
