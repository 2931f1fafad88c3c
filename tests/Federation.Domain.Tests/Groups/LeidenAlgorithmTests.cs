using CsCheck;
using Federation.Domain.Groups.Leiden;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class LeidenAlgorithmTests
{
    [Fact]
    public void Small_graphs_are_partitioned_as_well_as_by_trying_all_partitions()
    {
        var (graphs, optimal) = (0, 0);
        RandomGraph.OfUpTo(8).Sample(
            random =>
            {
                var optimum = random.Optimum();
                var quality = QualityOf(random, LeidenAlgorithm.Partition(random.Graph, random.Resolution, seed: 1));
                Interlocked.Increment(ref graphs);
                if (quality >= optimum - (1e-9 * (1 + Math.Abs(optimum))))
                {
                    Interlocked.Increment(ref optimal);
                }

                quality.ShouldBeGreaterThanOrEqualTo(optimum - (0.1 * Math.Abs(optimum)) - 1e-9);
            },
            seed: "0000000000Sz", iter: 1000);
        optimal.ShouldBeGreaterThanOrEqualTo((int)(graphs * 0.99));
    }

    [Fact]
    public void Every_community_is_connected() => RandomGraph.OfUpTo(40).Sample(random =>
        Connected(random, LeidenAlgorithm.Partition(random.Graph, random.Resolution, seed: 3)).ShouldBeTrue(), iter: 1000);

    [Fact]
    public void Communities_are_numbered_without_gaps_in_the_order_of_their_first_nodes() => RandomGraph.OfUpTo(40).Sample(random =>
    {
        var community = LeidenAlgorithm.Partition(random.Graph, random.Resolution, seed: 3);
        community.Length.ShouldBe(random.Nodes);
        community.Distinct().ShouldBe(Enumerable.Range(0, community.Max() + 1));
    });

    [Fact]
    public void No_phase_makes_the_quality_worse() => RandomGraph.OfUpTo(70).Sample(random =>
    {
        var graph = random.Graph;
        var sequence = new SeededSequence(5);
        int[] community = [.. Enumerable.Range(0, random.Nodes)];
        var before = QualityOf(random, community);
        for (var iteration = 0; iteration < 3; iteration++)
        {
            LocalMoving.Run(graph, random.Resolution, community, sequence);
            var moved = QualityOf(random, community);
            moved.ShouldBeGreaterThanOrEqualTo(before - 1e-9);

            LeidenAlgorithm.Iterate(graph, random.Resolution, community, sequence);
            before = QualityOf(random, community);
            before.ShouldBeGreaterThanOrEqualTo(moved - 1e-9);
        }
    });

    [Fact]
    public void Refinement_splits_communities_and_never_joins_two() => RandomGraph.OfUpTo(40).Sample(random =>
    {
        var graph = random.Graph;
        var sequence = new SeededSequence(5);
        int[] community = [.. Enumerable.Range(0, random.Nodes)];
        LocalMoving.Run(graph, random.Resolution, community, sequence);
        var parts = Refinement.Run(graph, random.Resolution, 1, community, sequence);
        parts.Zip(community).GroupBy(node => node.First).ShouldAllBe(part => part.Select(node => node.Second).Distinct().Count() == 1);
        Connected(random, parts).ShouldBeTrue();
        QualityOf(random, parts).ShouldBeGreaterThanOrEqualTo(-1e-9);
    });

    [Fact]
    public void Drawing_parts_together_keeps_what_is_between_them() => RandomGraph.OfUpTo(30).Sample(random =>
    {
        int[] part = [.. Enumerable.Range(0, random.Nodes).Select(node => node % 3)];
        var parts = Aggregation.Renumber(part);
        var drawn = Aggregation.Of(random.Graph, part, parts);
        drawn.TotalWeight.ShouldBe(random.Edges.Where(edge => part[edge.First] != part[edge.Second]).Sum(edge => edge.Weight), 1e-9);
        drawn.Sizes.Sum().ShouldBe(random.Nodes);
    });

    [Fact]
    public void The_same_seed_gives_the_same_partition() => RandomGraph.OfUpTo(100).Sample(random =>
        LeidenAlgorithm.Partition(random.Graph, random.Resolution, seed: 9)
            .ShouldBe(LeidenAlgorithm.Partition(random.Graph, random.Resolution, seed: 9)));

    private static double QualityOf(RandomGraph random, int[] community)
    {
        // By the definition, pair by pair.
        double quality = 0;
        for (var first = 0; first < random.Nodes; first++)
        {
            for (var second = first + 1; second < random.Nodes; second++)
            {
                quality -= community[first] == community[second] ? random.Resolution : 0;
            }
        }

        return quality + random.Edges.Where(edge => community[edge.First] == community[edge.Second]).Sum(edge => edge.Weight);
    }

    private static bool Connected(RandomGraph random, int[] community)
    {
        int[] reached = [.. Enumerable.Range(0, random.Nodes)];
        var inside = random.Edges.Where(edge => community[edge.First] == community[edge.Second]).ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (first, second, _) in inside.Where(edge => reached[edge.First] != reached[edge.Second]))
            {
                reached[first] = reached[second] = Math.Min(reached[first], reached[second]);
                changed = true;
            }
        }

        return reached.Distinct().Count() == community.Distinct().Count();
    }
}
