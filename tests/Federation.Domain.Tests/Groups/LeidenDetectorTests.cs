using CsCheck;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class LeidenDetectorTests
{
    private static readonly VmId[] Vms = [.. Enumerable.Range(1, 12).Select(i => new VmId($"vm{i}"))];

    private static readonly Gen<PairWeight[]> Traffic =
        (from first in Gen.Int[0, Vms.Length - 1]
         from second in Gen.Int[0, Vms.Length - 1]
         from packets in Gen.Int[1, 20_000]
         select new PairWeight(Vms[first], Vms[second], packets)).Array[0, 60];

    [Fact]
    public void The_order_of_vms_and_pairs_does_not_matter() =>
        Gen.Select(Traffic, Gen.Shuffle(Vms), Gen.Double[0.05, 1.5].Nullable()).SelectMany(world => Gen.Shuffle(world.Item1)
            .Select(shuffled => (world.Item1, shuffled, world.Item2, world.Item3))).Sample((pairs, shuffled, vms, resolution) =>
        {
            var options = new GroupingOptions { Resolution = resolution };
            var groups = RealTraffic.Text(new LeidenDetector().Detect(Vms, Weights(pairs), options));
            RealTraffic.Text(new LeidenDetector().Detect(vms, Weights(shuffled), options)).ShouldBe(groups);
        });

    [Fact]
    public void Groups_are_disjoint_of_at_least_two_known_vms_and_weigh_at_least_the_threshold() => Traffic.Sample(pairs =>
    {
        var groups = new LeidenDetector().Detect(Vms, Weights(pairs), new()).Groups;
        var members = groups.SelectMany(group => group.Members).ToList();
        members.ShouldBeUnique();
        members.ShouldBeSubsetOf(Vms);
        groups.ShouldAllBe(group => group.Members.Length >= 2 && group.MeanWeight >= group.Threshold * (1 - 1e-9));
    });

    [Fact]
    public void A_silent_application_and_one_below_the_floor_have_no_groups()
    {
        new LeidenDetector().Detect(Vms, Weights([]), new()).Groups.ShouldBeEmpty();
        new LeidenDetector().Detect(Vms, Weights([new(Vms[0], Vms[1], 299)]), new()).Groups.ShouldBeEmpty();
        new LeidenDetector().Detect(Vms, Weights([new(Vms[0], Vms[1], 300)]), new()).Groups.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_pair_of_a_vm_that_is_not_the_applications_is_refused() => Should.Throw<ArgumentException>(
        () => new LeidenDetector().Detect(Vms, Weights([new(Vms[0], new("stranger"), 300)]), new())).Message.ShouldContain("stranger");

    [Fact]
    public void Weights_of_another_metric_are_refused() => Should.Throw<ArgumentException>(
        () => new LeidenDetector().Detect(Vms, Weights([]), new() { Metric = Metric.Bytes }));

    [Fact]
    public void One_heavy_pair_between_two_groups_does_not_chain_them_together()
    {
        // Two cliques of six, one of whose pairs across weighs as much as those inside.
        var pairs = (from first in Enumerable.Range(0, 12)
                     from second in Enumerable.Range(0, 12)
                     where first < second && (first < 6) == (second < 6)
                     select new PairWeight(Vms[first], Vms[second], 1000)).Append(new(Vms[0], Vms[11], 1000)).ToArray();
        new GreedyDetector().Detect(Vms, Weights(pairs), new()).Groups.Length.ShouldBe(1);
        new LeidenDetector().Detect(Vms, Weights(pairs), new()).Groups.Select(group => group.Members.Length).ShouldBe([6, 6]);
    }

    private static PairWeights Weights(PairWeight[] pairs) => new(Metric.Packets, TimeSpan.FromSeconds(30), pairs);
}
