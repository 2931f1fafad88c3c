using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Portal.Watching;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests.Watching;

/// <summary>What a drawing of traffic is made of.</summary>
public sealed class TrafficGraphTests
{
    private static readonly SiteId North = new("north");
    private static readonly SiteId South = new("south");

    [Fact]
    public void A_pair_between_sites_costs_what_each_sender_s_site_asks_and_one_without_a_link_has_no_price()
    {
        var graph = Graph([("a", "b", 30e9), ("b", "a", 60e9), ("a", "c", 1e9), ("a", "d", 1e9)], ("a", North), ("b", South), ("c", North), ("d", new SiteId("nowhere-linked")));
        var edges = graph.Edges.ToDictionary(edge => edge.Destination.Value);
        edges["b"].CostPerHour!.Value.ShouldBe((1.0 * 3600 * 0.01) + (2.0 * 3600 * 0.05), 1e-9);
        (edges["b"].IsCut, edges["c"].IsCut, edges["d"].IsCut).ShouldBe((true, false, true));
        (edges["c"].CostPerHour, edges["d"].CostPerHour).ShouldBe((0.0, null));
        graph.CostPerHour.ShouldBeNull("of one pair it is not known");
    }

    [Fact]
    public void The_heaviest_pairs_are_drawn_and_what_is_hidden_is_told()
    {
        var graph = Graph([("a", "b", 60), ("b", "c", 30), ("c", "a", 10)], TrafficChoice.Usual with { Edges = 1 }, ("a", North), ("b", North), ("c", North));
        graph.Edges.Single().Source.ShouldBe(new VmId("a"));
        (graph.HiddenEdges, graph.HiddenVms).ShouldBe((2, 0));
        graph.HiddenShare.ShouldBe(0.4, 1e-9);
    }

    [Fact]
    public void Of_many_VMs_those_without_a_pair_that_is_drawn_are_hidden_and_counted()
    {
        var graph = Graph([("v1", "v2", 60)], [.. Enumerable.Range(1, 150).Select(vm => ($"v{vm}", North))]);
        graph.Vms.Select(vm => vm.Vm.Value).ShouldBe(["v1", "v2"]);
        graph.HiddenVms.ShouldBe(148);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?windows=10&until=2026-11-30T12:00:30Z&by=packets&edges=2000&vm=vm%261")]
    public void A_choice_reads_back_from_its_address(string query)
    {
        var said = System.Web.HttpUtility.ParseQueryString(query);
        TrafficChoice.Read(said["windows"], said["until"], said["by"], said["edges"], said["vm"]).Query.ShouldBe(query);
    }

    [Fact]
    public void Nonsense_in_an_address_is_as_if_not_said()
    {
        TrafficChoice.Read("0", "never", "colour", "-5", "").ShouldBe(TrafficChoice.Usual);
        TrafficChoice.Read("9999999", null, null, "9999999", null).ShouldBe(TrafficChoice.Usual with { Windows = TrafficChoice.MostWindows, Edges = TrafficChoice.MostEdges });
    }

    private static TrafficGraph Graph((string From, string To, double Bytes)[] flows, params (string Vm, SiteId Site)[] places) => Graph(flows, TrafficChoice.Usual, places);

    private static TrafficGraph Graph((string From, string To, double Bytes)[] flows, TrafficChoice choice, params (string Vm, SiteId Site)[] places)
    {
        var matrix = TrafficMatrix.Empty(Window.Length) with
        {
            Pairs = flows.ToImmutableSortedDictionary(flow => new VmPair(new(flow.From), new(flow.To)), flow => new Flow(1, flow.Bytes)),
        };
        var application = new Application
        {
            Id = new(new("astro"), "a", 1), Objective = Objective.Cost, Remaining = TimeSpan.FromHours(1),
            Vms = [.. places.Select(place => new VmSpec { Id = new(place.Vm), Vcpus = 1, MemoryBytes = 1 })],
        };
        var status = new ApplicationStatus(application, 1, [.. places.Select(place => new VmStatus(new(place.Site, "std"), 1))], null!, []);
        return TrafficGraph.Of(matrix, status, [Site(North, South, 0.01m), Site(South, North, 0.05m)], ImmutableArray<TrackedGroup>.Empty, choice);
    }

    private static SiteStatus Site(SiteId id, SiteId other, decimal egress) => new(
        new Site
        {
            Id = id, Kind = SiteKind.Cloud, Offers = [], Network = default,
            Links = ImmutableSortedDictionary<SiteId, Link>.Empty.Add(other, new Link(0, 1, egress)),
        },
        1, new(), [], null);
}
