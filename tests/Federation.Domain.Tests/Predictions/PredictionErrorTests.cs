using CsCheck;
using Federation.Domain.Predictions;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Predictions;

public sealed class PredictionErrorTests
{
    private static readonly PredictionPrior Prior = PredictionPrior.Of(PredictedKind.Duration);

    private static readonly int[] Counts = [0, 1, 5, 50, 5000];

    private static readonly Gen<double> Ratio = Gen.Double[-2, 2].Select(Math.Exp);

    [Theory]
    [InlineData(0, 0.85, 1)]
    [InlineData(1, 0.85, 1)]
    [InlineData(3, 0.85, 1)]
    [InlineData(10, 0.85, 0.99)]
    [InlineData(30, 0.85, 0.97)]
    public void The_interval_holds_nine_of_ten_in_worlds_that_the_prior_allows(int seen, double least, double most)
    {
        var random = new Random(19);
        const int worlds = 2000;
        var held = Enumerable.Range(0, worlds).Count(_ =>
        {
            var bias = 0.3 * random.NextNormal();
            var noise = 0.1 + (0.2 * random.NextDouble());
            double Next() => Math.Exp(bias + (noise * random.NextNormal()));
            var error = PredictionError.Of(Enumerable.Range(0, seen).Select(_ => Next()).ToArray(), Prior);
            var next = Next();
            return next >= error.Low && next <= error.High;
        });

        ((double)held / worlds).ShouldBeInRange(least, most);
    }

    [Fact]
    public void The_correction_is_one_before_anything_was_seen_and_comes_to_the_bias() =>
        Ratio.Sample(ratio =>
        {
            var steps = Counts.Select(count => PredictionError.Of(Enumerable.Repeat(ratio, count), Prior)).ToArray();
            (steps[0].Bias, steps[0].Correction).ShouldBe((null, 1));
            steps.Select(step => Math.Abs(Math.Log(step.Correction / ratio))).ShouldBeInOrder(SortDirection.Descending);
            steps[^1].Correction.ShouldBe(ratio, 0.01 * ratio);
            steps.Select(step => step.HalfWidth).ShouldBeInOrder(SortDirection.Descending);
        });

    [Fact]
    public void One_outlier_leaves_the_bias_among_the_others_and_the_interval_where_they_could_have_put_it() =>
        Gen.Select(Ratio.Array[5, 20], Gen.Double[-30, 30].Select(Math.Exp)).Sample((others, outlier) =>
        {
            var error = PredictionError.Of([.. others, outlier], Prior);
            error.Bias!.Value.ShouldBeInRange(others.Min() * (1 - 1e-9), others.Max() * (1 + 1e-9));
            var range = Math.Log(others.Max() / others.Min());
            Math.Log(1 + error.HalfWidth).ShouldBeLessThanOrEqualTo(1.1 * (Prior.HalfWidth + (1.645 * 1.4826 * range)));
        });

    [Fact]
    public void The_order_does_not_matter() =>
        Ratio.Array[0, 20].Sample(ratios => PredictionError.Of(ratios.Reverse(), Prior).ShouldBe(PredictionError.Of(ratios, Prior)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_ratio_that_is_none_is_a_bug(double ratio) =>
        Should.Throw<ArgumentOutOfRangeException>(() => PredictionError.Of([ratio], Prior));
}
