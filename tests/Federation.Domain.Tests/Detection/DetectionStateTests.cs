using Federation.Domain.Applications;
using Federation.Domain.Detection;
using Federation.Domain.Groups;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Detection;

public sealed class DetectionStateTests
{
    private static readonly Flow Chatty = new(1000, 1e5);
    private static readonly Flow Bulky = new(100, 1e8);
    private static readonly TrackingOptions Options = new() { PersistenceWindows = 3 };

    [Theory]
    [InlineData(Objective.Cost, Metric.Bytes, "its bytes 8.2 USD by egress and bandwidth")]
    [InlineData(Objective.Time, Metric.Packets, "an hour's packets would cost 7200 s by latency")]
    public void What_is_being_made_small_decides_what_a_pairs_weight_counts_and_the_figures_say_so(Objective objective, Metric metric, string figures)
    {
        var choice = After(new(), new() { Pairs = new Flow(200, 1e8), Objective = objective }).InForce!;
        choice.Metric.ShouldBe(metric);
        choice.MetricWhy.ShouldContain(figures);
        choice.Detector.ShouldBe(DetectorKind.Greedy);
        choice.DetectorWhy.ShouldContain("2 VMs talk");
    }

    [Fact]
    public void What_the_description_names_is_taken_at_once_whatever_the_traffic_says()
    {
        var state = After(new(), new() { Pairs = Bulky, Detection = new() { Metric = Metric.Packets, Detector = DetectorKind.Leiden } });
        state.InForce.ShouldBe(new(Metric.Packets, "as its description says", DetectorKind.Leiden, "as its description says"));
        After(state, new() { Pairs = Chatty, Detection = new() { Metric = Metric.Bytes, Detector = DetectorKind.Leiden } })
            .InForce!.Metric.ShouldBe(Metric.Bytes);
    }

    [Fact]
    public void Another_metric_is_taken_once_it_was_asked_for_in_as_many_windows_running_as_a_change_has_to_last()
    {
        Observed chatty = new() { Pairs = Chatty }, bulky = new() { Pairs = Bulky };
        MetricsAfter(chatty, bulky, bulky, bulky).ShouldBe([Metric.Packets, Metric.Packets, Metric.Packets, Metric.Bytes]);
        MetricsAfter(chatty, bulky, bulky, chatty, bulky, bulky).ShouldAllBe(metric => metric == Metric.Packets);
    }

    [Fact]
    public void Silence_asks_for_nothing() =>
        MetricsAfter(new() { Pairs = Bulky }, new(), new(), new(), new()).ShouldAllBe(metric => metric == Metric.Bytes);

    [Fact]
    public void Where_neither_costs_twice_the_other_the_metric_stays_what_it_is()
    {
        // 1,000 packets/s wait for 10 an hour; 1.2e8 bytes/s cost about 9.8.
        var even = new Observed { Pairs = new(1000, 1.2e8) };
        MetricsAfter(even, even, even, even).ShouldAllBe(metric => metric == Metric.Packets);
        MetricsAfter(new() { Pairs = Bulky }, even, even, even).ShouldAllBe(metric => metric == Metric.Bytes);
        After(new(), even).InForce!.MetricWhy.ShouldContain("neither costs 2 times the other, packets stay");
    }

    private static Metric[] MetricsAfter(params Observed[] windows)
    {
        var state = new DetectionState();
        return [.. windows.Select(window => (state = After(state, window)).InForce!.Metric)];
    }

    private static DetectionState After(DetectionState state, Observed window)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .With(application => application with { Objective = window.Objective, Detection = window.Detection });
        view = window.Pairs is { } flow ? view.WithTraffic("vm1", "vm2", flow) : view;
        return state.Advance(view.Application, view.Traffic, view.Sites, view.Now, Options);
    }

    private sealed record Observed
    {
        public Flow? Pairs { get; init; }

        public Objective Objective { get; init; } = Objective.Cost;

        public DetectionPolicy Detection { get; init; } = new();
    }
}
