using CsCheck;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class PairWeightsTests
{
    private static readonly Gen<VmId> Vm = Gen.Int[1, 12].Select(number => new VmId($"vm{number}"));

    private static readonly Gen<PairWeight[]> Weights = Gen.Select(Vm, Vm, Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1e9]))
        .Select((first, second, weight) => new PairWeight(first, second, weight)).Array[0, 60];

    [Fact]
    public void A_pair_is_the_sum_of_both_directions_in_the_order_of_its_names() =>
        Weights.Sample(given =>
        {
            var slow = given.Where(pair => pair.Weight > 0 && pair.First != pair.Second)
                .Select(pair => pair.First.CompareTo(pair.Second) <= 0 ? pair : new(pair.Second, pair.First, pair.Weight))
                .OrderBy(pair => pair.First).ThenBy(pair => pair.Second).ThenBy(pair => pair.Weight)
                .GroupBy(pair => (pair.First, pair.Second), pair => pair.Weight)
                .Select(pair => new PairWeight(pair.Key.First, pair.Key.Second, pair.Sum()));
            Of(given).Pairs.ShouldBe(slow);
        });

    [Fact]
    public void The_order_in_which_weights_come_and_who_is_named_first_changes_nothing_to_the_last_bit() =>
        Gen.Select(Weights, Gen.Int).Sample((given, seed) =>
        {
            var turned = Array.ConvertAll(given, pair => new PairWeight(pair.Second, pair.First, pair.Weight));
            new Random(seed).Shuffle(turned);
            Of(turned).Pairs.ShouldBe(Of(given).Pairs);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_that_is_no_amount_of_traffic_is_a_fault_also_of_a_VM_with_itself(double weight) =>
        Should.Throw<ArgumentException>(() => Of([new(new("vm1"), new("vm1"), weight)])).Message.ShouldContain("no amount of traffic");

    private static PairWeights Of(PairWeight[] weights) => new(Metric.Bytes, TimeSpan.FromSeconds(30), weights);
}
