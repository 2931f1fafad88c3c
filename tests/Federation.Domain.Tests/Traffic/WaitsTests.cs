using Federation.Domain.Estimation;
using Federation.Domain.Tests.Estimation;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Traffic;

/// <summary>What counts as a wait is the same however a card cuts a stream into frames.</summary>
public sealed class WaitsTests
{
    // Between the VMs of a conjugate gradient program (tests/captures/cg-a-4.csv): frames of up to 64 KiB as they were captured, and cut to 1,514 bytes with an acknowledgement to each fourth.
    private static readonly (string From, string To, Flow Large, Flow Whole)[] Gradient =
    [
        ("vm1", "vm2", new(1656, 21_367_587), new(19_461, 22_542_717)),
        ("vm2", "vm1", new(1607, 21_363_825), new(19_411, 22_538_889)),
        ("vm2", "vm3", new(769, 21_283_124), new(18_574, 22_458_254)),
        ("vm3", "vm2", new(770, 21_283_190), new(18_576, 22_458_386)),
        ("vm3", "vm4", new(1571, 21_359_348), new(19_378, 22_534_610)),
        ("vm4", "vm3", new(1706, 21_368_300), new(19_512, 22_543_496)),
        ("vm1", "vm4", new(12, 3279), new(13, 3345)),
        ("vm4", "vm1", new(18, 2165), new(18, 2165)),
    ];

    // Cutting adds headers of 66 bytes to each frame: 5.5 % of its bytes.
    private const double Headers = 0.06;

    [Fact]
    public void The_same_program_has_one_predicted_slowdown_in_frames_of_both_sizes()
    {
        var (large, whole) = (Slowdown(flow => flow.Large), Slowdown(flow => flow.Whole));
        large.ShouldBeGreaterThan(0.1);
        whole.ShouldBe(large, large * Headers);
        // Each frame a wait: thirteen times as many, and a slowdown to match.
        Slowdown(flow => flow.Whole, packetsPerExchange: 1).ShouldBeGreaterThan(5 * Slowdown(flow => flow.Large, packetsPerExchange: 1));
    }

    [Fact]
    public void Packets_that_are_small_wait_each_for_itself()
    {
        // A question of 100 bytes and its answer.
        Waits.Of(new(1000, 1e5), new(1000, 1e5), null).ShouldBe(1000, 100);
        Waits.Of(new(1000, 1e5), default, null).ShouldBe(1000, 100);
    }

    [Fact]
    public void Acknowledgements_of_a_stream_are_no_waits()
    {
        // To each second whole frame, each frame, and each large frame.
        var stream = new Flow(10_000, 10_000 * 1514);
        Waits.Of(new(5000, 5000 * 66), stream, null).ShouldBeLessThan(20);
        Waits.Of(new(230, 230 * 66), stream with { Packets = 230 }, null).ShouldBeLessThan(20);
    }

    [Fact]
    public void A_stream_waits_once_for_20_000_bytes_whatever_its_frames()
    {
        Waits.Of(new(2e8 / 1514, 2e8), new(2e8 / 1514 / 2, 66 * 2e8 / 1514 / 2), null).ShouldBe(10_000, 1);
        Waits.Of(new(2e8 / 65_226, 2e8), default, null).ShouldBe(10_000, 1);
    }

    [Fact]
    public void What_the_application_says_of_its_packets_holds_exactly()
    {
        Waits.Of(new(1000, 1e5), new(10, 1e9), 1).ShouldBe(1000);
        Waits.Of(new(1000, 1e5), new(10, 1e9), 16).ShouldBe(62.5);
    }

    // How much longer the program runs with its halves at two sites, as a share; the figures are those of a run of ten seconds.
    private static double Slowdown(Func<(string From, string To, Flow Large, Flow Whole), Flow> seen, double? packetsPerExchange = null)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], [.. Enumerable.Range(1, 4).Select(number => Samples.Vm($"vm{number}", "a"))])
            .With(application => application with { PacketsPerExchange = packetsPerExchange });
        view = Gradient.Aggregate(view, (world, flow) => world.WithTraffic(flow.From, flow.To, seen(flow) / 10));
        var problem = new PlacementProblem(view);
        var split = PlacementEstimator.Estimate(problem, problem.Seats([Samples.At("a"), Samples.At("a"), Samples.At("b"), Samples.At("b")]))!.Value;
        return (split.RunSeconds / view.Application.Remaining.TotalSeconds) - 1;
    }
}
