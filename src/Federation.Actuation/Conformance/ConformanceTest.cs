using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Conformance;

/// <summary>Holds a driver against what its port asks for, check by check, each on a VM of its own.</summary>
public static class ConformanceTest
{
    /// <summary>All checks, the simple ones first.</summary>
    public static ImmutableArray<DriverCheck> Checks { get; } =
        [.. GuestChecks.All, .. MoveChecks.All, .. CancelChecks.All, .. LossChecks.All, .. RefusalChecks.All, .. RestartChecks.All, .. WatchChecks.All];

    /// <summary>Makes checks one after another.</summary>
    /// <param name="stand">The two hosts.</param>
    /// <param name="checks">Which, as <see cref="Checks"/>.</param>
    /// <param name="cancel">Ends it.</param>
    public static async IAsyncEnumerable<CheckResult> Run(
        IDriverStand stand, IEnumerable<DriverCheck> checks, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var check in checks)
        {
            yield return await Run(stand, check, cancel);
        }
    }

    /// <summary>Makes one check.</summary>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<CheckResult> Run(IDriverStand stand, DriverCheck check, CancellationToken cancel)
    {
        var since = stand.Clock.GetTimestamp();
        CheckResult Result(CheckOutcome outcome, string? reason) => new(check.Name, outcome, reason, stand.Clock.GetElapsedTime(since).TotalSeconds);
        try
        {
            var facts = await Describe(stand, cancel);
            if (check.Promise is { } promise && !promise.IsGiven(facts))
            {
                return Result(CheckOutcome.NotPromised, promise.Missing);
            }

            await Try(stand, facts, check, cancel);
            return Result(CheckOutcome.Passed, null);
        }
        catch (CheckFailedException fault)
        {
            return Result(CheckOutcome.Failed, fault.Message);
        }
    }

    private static async Task Try(IDriverStand stand, HypervisorFacts facts, DriverCheck check, CancellationToken cancel)
    {
        await using var trial = new DriverTrial(stand, facts, NameOf(check), cancel);
        try
        {
            await check.Try(trial);
        }
        catch (CheckFailedException)
        {
            await Try(trial.Clear);
            throw;
        }

        await trial.Clear();
    }

    // What failed first is the reason; that the clearing fails, too, tells nothing more.
    private static async Task Try(Func<Task> clear)
    {
        try
        {
            await clear();
        }
        catch (CheckFailedException)
        {
        }
    }

    private static async Task<HypervisorFacts> Describe(IDriverStand stand, CancellationToken cancel)
    {
        await using var end = new TrialEnd(stand, TrialHost.A, default, cancel);
        return await end.Do("Describe", (driver, stop) => driver.Describe(stop));
    }

    // The same each time: what a run that was broken off has left is cleared by the next.
    private static VmRef NameOf(DriverCheck check) => new(
        new(new("conformance"), "test", 1), new($"vm{Checks.IndexOf(check) + 1}"));
}
