using System.Globalization;
using Federation.Grains.Tests.Running;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Random use of a cluster of two silos over a faulty hypervisor and a database that goes away, with silos that die: in the end everybody says the same.</summary>
/// <remarks>
/// <c>FEDERATION_CLUSTER_RUNS</c> is how many runs there are, and <c>FEDERATION_CLUSTER_SEED</c> the first seed (5 and 1 unless given); the nightly run makes 200. A run that
/// fails writes its acts to a file: <c>FEDERATION_CLUSTER_ACTS</c> names one, whole or shortened by hand, and it is run again. The same things are done
/// at the same times of the run's clock then; how the silos' threads take turns is not recorded. <c>FEDERATION_CLUSTER_STORIES</c> names a folder
/// for what came of each run, also of those that hold.
/// </remarks>
public sealed class ClusterRuns
{
    private static int FirstSeed => Number("FEDERATION_CLUSTER_SEED") ?? 1;

    private static string? Recorded => Environment.GetEnvironmentVariable("FEDERATION_CLUSTER_ACTS");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(FirstSeed, Recorded is null ? Number("FEDERATION_CLUSTER_RUNS") ?? 5 : 1)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_done_to_a_cluster_its_ledgers_VMs_and_hypervisors_agree_in_the_end(int seed)
    {
        var acts = Recorded is null ? ClusterActs.Of(seed) : ClusterActs.Read(Recorded);
        await using var run = await ClusterRun.Start();
        try
        {
            foreach (var act in acts)
            {
                await run.Do(act);
                await run.ShouldBeWithinLimits();
            }

            await run.Settle(approves: seed % 4 > 0);
            await run.ShouldAgree();
            if (Environment.GetEnvironmentVariable("FEDERATION_CLUSTER_STORIES") is { } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"cluster-run-{seed}.txt"), await run.Story.Whole(run.Cluster.Events), TestContext.Current.CancellationToken);
            }
        }
        catch (Exception fault)
        {
            var file = Path.Combine(Path.GetTempPath(), $"cluster-run-{seed}.jsonl");
            ClusterActs.Write(file, acts);
            throw new ShouldAssertException(
                $"{fault.Message}\nseed {seed}; FEDERATION_CLUSTER_ACTS={file} does the same again\n{await run.Story.Whole(run.Cluster.Events)}", fault);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
