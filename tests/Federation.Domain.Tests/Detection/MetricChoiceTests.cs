using Federation.Domain.Applications;
using Federation.Domain.Detection;
using Federation.Domain.Groups;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Detection;

public sealed class MetricChoiceTests
{
    // An hour's worth of each: 1,000 packets/s of 1,000 bytes.
    private static MetricChoice Choose(Objective objective, Link link, decimal price = 1, double perExchange = 1)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithTraffic("vm1", "vm2", new(1000, 1e6))
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(price) });
        var sites = view.Sites.Select(site => site with { Links = site.Links.SetItems(site.Links.Keys.Select(to => KeyValuePair.Create(to, link))) });
        return MetricChoice.Of(view.Traffic, [.. sites], objective, perExchange, view.Now);
    }

    [Fact]
    public void Where_egress_dominates_bytes_count() =>
        Choose(Objective.Cost, new Link(0.000_01, 1e9, 0.09m)).Metric.ShouldBe(Metric.Bytes);

    [Fact]
    public void Where_waiting_costs_more_than_egress_packets_count() =>
        Choose(Objective.Cost, new Link(0.050, 1e9, 0)).Metric.ShouldBe(Metric.Packets);

    [Fact]
    public void Under_time_latency_is_weighed_against_bandwidth_whatever_egress_costs()
    {
        Choose(Objective.Time, new Link(0.010, 1e9, 100)).Metric.ShouldBe(Metric.Packets);
        Choose(Objective.Time, new Link(0.000_001, 1e6, 0)).Metric.ShouldBe(Metric.Bytes);
    }

    [Fact]
    public void Packets_that_stream_back_to_back_wait_less()
    {
        var link = new Link(0.010, 1e7, 0);
        Choose(Objective.Time, link).Metric.ShouldBe(Metric.Packets);
        Choose(Objective.Time, link, perExchange: 1000).Metric.ShouldBe(Metric.Bytes);
    }

    [Fact]
    public void The_figures_are_what_an_hour_of_split_traffic_costs()
    {
        // 3.6e6 packets wait 10 ms each: 36,000 s at 1 per hour; 3.6 GB at 0.02 per GB, and 36 s on the wire.
        var choice = Choose(Objective.Cost, Samples.Link);
        choice.ByPackets.ShouldBe(10, 1e-9);
        choice.ByBytes.ShouldBe(0.072 + 0.01, 1e-9);
        choice.Why.ShouldBe("were all pairs split, an hour's packets would cost 10 USD by latency, its bytes 0.082 USD by egress and bandwidth");
    }

    [Fact]
    public void The_other_metric_has_to_cost_twice_as_much()
    {
        // By packets 10 an hour, by bytes 14.4 or 21.6 for egress and 0.01 for the wire.
        Choose(Objective.Cost, Samples.Link with { EgressPerGB = 4 }).Metric.ShouldBe(Metric.Packets);
        Choose(Objective.Cost, Samples.Link with { EgressPerGB = 6 }).Metric.ShouldBe(Metric.Bytes);
    }

    [Fact]
    public void Without_links_nothing_can_be_split() => MetricChoice.Of(
        Samples.View([Samples.Site("a")], Samples.Vm("vm1")).Traffic, [Samples.Site("a")], Objective.Cost, 1, Samples.Now)
        .Metric.ShouldBe(Metric.Packets);
}
