using System.Collections.Concurrent;
using Federation.Actuation.Conformance;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

/// <summary>The checks of a driver whose VMs take their time: several beside each other, since each waits most of it.</summary>
internal static class RealConformance
{
    private const int Abreast = 4;

    /// <summary>Makes all checks; none may fail.</summary>
    /// <param name="standOf">The hosts of a check, by its number: no two drivers of one host may run beside each other.</param>
    public static async Task ShouldHoldAll(Func<int, IDriverStand> standOf)
    {
        var failed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            ConformanceTest.Checks,
            new ParallelOptions { MaxDegreeOfParallelism = Abreast, CancellationToken = TestContext.Current.CancellationToken },
            async (check, cancel) =>
            {
                var result = await ConformanceTest.Run(standOf(ConformanceTest.Checks.IndexOf(check)), check, cancel);
                if (result.Outcome == CheckOutcome.Failed)
                {
                    failed.Add($"{result.Name}: {result.Reason}");
                }
            });

        failed.ShouldBeEmpty();
    }
}
