using System.Globalization;
using Federation.Grains.Tests.Making;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Random use of a cluster of two silos over a faulty hypervisor, with silos that die: in the end everybody says the same.</summary>
/// <remarks>
/// <c>FEDERATION_CLUSTER_RUNS</c> is how many runs there are; the nightly run makes 200. <c>FEDERATION_CLUSTER_SEED</c> repeats one: the same
/// things are done in the same order, though not at the same instants.
/// </remarks>
public sealed class ClusterRuns
{
    private static int Runs =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_CLUSTER_RUNS"), CultureInfo.InvariantCulture, out var count) ? count : 5;

    public static TheoryData<int> Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_CLUSTER_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? [seed]
            : [.. Enumerable.Range(1, Runs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_done_to_a_cluster_its_ledgers_VMs_and_hypervisors_agree_in_the_end(int seed)
    {
        await using var run = await ClusterRun.Start(seed);
        for (var act = 0; act < 40; act++)
        {
            await run.Act();
        }

        await run.Settle();
        await run.ShouldAgree();
    }
}
