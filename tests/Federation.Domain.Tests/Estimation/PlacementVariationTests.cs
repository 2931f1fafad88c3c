using CsCheck;
using Federation.Domain.Estimation;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class PlacementVariationTests
{
    [Fact]
    public void A_placement_with_one_VM_elsewhere_is_estimated_as_if_from_nothing()
    {
        var compared = 0;
        Worlds.Any.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var assignment = problem.Seats([.. world.Target]);
                if (PlacementEstimator.Estimate(problem, assignment) is null)
                {
                    return;
                }

                var variation = new PlacementVariation(problem, assignment);
                for (var vm = 0; vm < assignment.Length; vm++)
                {
                    foreach (var seat in problem.Candidates[vm])
                    {
                        int[] varied = [.. assignment];
                        varied[vm] = seat;
                        Compare(variation.With(vm, seat), PlacementEstimator.Estimate(problem, varied));
                        Interlocked.Increment(ref compared);
                    }
                }
            },
            iter: 1000);
        compared.ShouldBeGreaterThan(5000);
    }

    private static void Compare(PlacementEstimate? varied, PlacementEstimate? whole)
    {
        (varied is null).ShouldBe(whole is null);
        if (varied is { } actual && whole is { } expected)
        {
            // Sums are taken apart and put together: what is left of their rounding is measured against the whole.
            var scale = Math.Max(1, expected.Cost);
            actual.Hosting.ShouldBe(expected.Hosting, 1e-7 * scale);
            actual.Traffic.ShouldBe(expected.Traffic, 1e-7 * scale);
            actual.Moving.ShouldBe(expected.Moving, 1e-7 * scale);
            actual.RunSeconds.ShouldBe(expected.RunSeconds, 1e-9 * expected.RunSeconds);
            actual.DowntimeSeconds.ShouldBe(expected.DowntimeSeconds, 1e-9 * Math.Max(1, expected.TimeSeconds));
            actual.Utilization.ShouldBe(expected.Utilization, 1e-9);
            (actual.OccupiedVcpus, actual.SiteCount).ShouldBe((expected.OccupiedVcpus, expected.SiteCount));
            actual.PaidVcpus.ShouldBe(expected.PaidVcpus);
        }
    }
}
