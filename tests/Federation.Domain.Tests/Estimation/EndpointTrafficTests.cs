using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>What VMs exchange with endpoints has a place, a link and a price; in round figures.</summary>
public sealed class EndpointTrafficTests
{
    [Fact]
    public void A_file_servers_traffic_takes_the_link_and_is_billed_as_its_egress_and_not_as_the_internets()
    {
        // 1 MB/s and 100 packets/s each way for an hour: 3.6 GB at 0.02 per GB each way; 100 x 3600 x 10 ms, and 3.6 GB at 100 MB/s, of waiting for what comes.
        var estimate = Estimate(View("nfs", "b"), "a");
        estimate.Traffic.ShouldBe(2 * 3.6 * 0.02, 1e-12);
        estimate.RunSeconds.ShouldBe(3600 + 3600 + 36, 1e-6);
        var local = Estimate(View("nfs", "b"), "b");
        local.Traffic.ShouldBe(0);
        local.RunSeconds.ShouldBe(3600 + 36 + 3.6, 1e-6);
    }

    [Fact]
    public void An_endpoint_at_a_site_that_nobody_knows_is_on_the_internet() =>
        Estimate(View("nfs", "elsewhere"), "a").Traffic.ShouldBe(3.6 * 0.1, 1e-12);

    [Fact]
    public void Its_traffic_fills_the_same_link_as_that_of_VMs()
    {
        // 60 MB/s from vm2 to vm1 and as much to the endpoint, over 100 MB/s.
        var view = View("nfs", "b", new Flow(0, 6e7)).With(application => application with { Overlap = 0.999, Vms = [Samples.Vm("vm1"), Samples.Vm("vm2")] })
            .WithTraffic("vm1", "vm2", new Flow(0, 6e7));
        Estimate(view, "a", "b").RunSeconds.ShouldBe(1.2 * 3600, 5);
    }

    [Fact]
    public void VMs_go_to_where_their_file_server_is_if_nothing_else_decides() =>
        Planner.Plan(View("nfs", "b"), new Plans.EverySeatSolver(), new(), TestContext.Current.CancellationToken).Placement.ShouldHaveSingleItem().Location.ShouldBe(Samples.At("b"));

    [Fact]
    public void Without_a_link_to_it_a_VM_cannot_be_there_and_the_endpoint_is_named()
    {
        var view = View("nfs", "b").WithSite("a", site => site with { Links = site.Links.Remove(new("b")) });
        var problem = new PlacementProblem(view);
        SeatRules.Check(problem, 0, problem.Seats[0]).Refusal.ShouldBe(Refusal.LinkForEndpoint(new("a"), new("b"), new("vm1"), ["nfs"]));
        SeatRules.Check(problem, 0, problem.Seats[1]).IsFeasible.ShouldBeTrue();
    }

    [Fact]
    public void Reports_of_what_is_exchanged_with_an_endpoint_are_no_traffic_with_the_outside()
    {
        var (server, stranger) = (Address.Parse("10.9.0.1"), Address.Parse("10.9.0.2"));
        var builder = new TrafficMatrixBuilder(address => address == server ? "nfs" : null);
        builder.Add(
            new WindowReport(new("vm1"), Window.Containing(Samples.Now), [
                new(server, FlowDirection.Received, 10, 1000), new(server, FlowDirection.Sent, 20, 2000), new(stranger, FlowDirection.Sent, 1, 100)], Window.Length),
            _ => null);
        var matrix = builder.Build(Window.Length);
        matrix.ReceivedFromEndpoints[new(new("vm1"), "nfs")].ShouldBe(new Flow(10, 1000));
        matrix.SentToEndpoints[new(new("vm1"), "nfs")].ShouldBe(new Flow(20, 2000));
        matrix.SentOutside[new("vm1")].ShouldBe(new Flow(1, 100));
        matrix.ReceivedOutside.ShouldBeEmpty();
    }

    private static PlacementEstimate Estimate(PlacementView view, params string[] at)
    {
        var problem = new PlacementProblem(view);
        return PlacementEstimator.Estimate(problem, problem.Seats([.. at.Select(Samples.At)]))!.Value;
    }

    private static PlacementView View(string name, string site, Flow? perSecond = null)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"))
            .With(application => application with { PacketsPerExchange = 1, Endpoints = [new(name, [Address.Parse("10.9.0.1")], new(site))] });
        var builder = new TrafficMatrixBuilder();
        var flow = (perSecond ?? new Flow(100, 1e6)) * view.Traffic.Period.TotalSeconds;
        builder.AddSentTo(name, new("vm1"), flow);
        builder.AddReceivedFrom(name, new("vm1"), perSecond is null ? flow : default);
        return view with { Traffic = builder.Build(view.Traffic.Period) };
    }
}
