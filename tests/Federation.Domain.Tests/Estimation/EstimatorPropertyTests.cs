using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class EstimatorPropertyTests
{
    private const double Rounding = 1e-9;

    [Fact]
    public void Without_traffic_a_first_placement_takes_its_slowest_VMs_compute() =>
        Worlds.Any.Sample(world =>
        {
            var problem = new PlacementProblem(Silent(Nowhere(world.View)));
            var seats = problem.Seats(world.Target);
            if (PlacementEstimator.Estimate(problem, seats) is { } estimate)
            {
                var slowest = seats.Min(seat => problem.Seats[seat].Offer.Speed);
                estimate.TimeSeconds.ShouldBe(problem.RemainingSeconds / slowest, problem.RemainingSeconds * Rounding);
            }
        });

    [Fact]
    public void Without_traffic_staying_takes_the_remaining_time_and_moves_nothing() =>
        Worlds.Any.Sample(world =>
        {
            var problem = new PlacementProblem(Silent(world.View));
            if (problem.IsPlaced && PlacementEstimator.Estimate(problem, [.. problem.CurrentSeats]) is { } estimate)
            {
                estimate.TimeSeconds.ShouldBe(problem.RemainingSeconds, problem.RemainingSeconds * Rounding);
                estimate.Moving.ShouldBe(0);
                estimate.Traffic.ShouldBe(0);
            }
        });

    [Fact]
    public void Faster_offers_never_take_a_first_placement_longer() =>
        Gen.Select(Worlds.Any, Gen.Int[100, 400]).Sample((world, percent) =>
        {
            var view = Nowhere(world.View);
            var faster = view with
            {
                Sites = [.. view.Sites.Select(site => site with
                {
                    Offers = [.. site.Offers.Select(offer => offer with { Speed = offer.Speed * percent / 100 })],
                })],
            };
            NeverLonger(view, faster, world);
        });

    [Fact]
    public void A_better_network_never_takes_a_first_placement_longer() =>
        Gen.Select(Worlds.Any, Gen.Int[100, 400]).Sample((world, percent) =>
        {
            var view = Nowhere(world.View);
            var better = view with
            {
                Sites = [.. view.Sites.Select(site => site with
                {
                    Links = site.Links.ToImmutableSortedDictionary(
                        entry => entry.Key,
                        entry => entry.Value with
                        {
                            LatencySeconds = entry.Value.LatencySeconds * 100 / percent,
                            BytesPerSecond = entry.Value.BytesPerSecond * percent / 100,
                        }),
                })],
            };
            NeverLonger(view, better, world);
        });

    [Fact]
    public void Traffic_within_one_site_costs_no_egress() =>
        Worlds.Any.Sample(world =>
        {
            var view = Nowhere(world.View) with { Traffic = TrafficMatrix.Empty(world.View.Traffic.Period) with { Pairs = world.View.Traffic.Pairs } };
            var problem = new PlacementProblem(view);
            var together = problem.Seats(world.Target.Select(_ => world.Target[0]));
            if (PlacementEstimator.Estimate(problem, together) is { } estimate)
            {
                estimate.Traffic.ShouldBe(0);
            }
        });

    [Fact]
    public void The_VMs_bills_add_up_to_the_whole() =>
        Worlds.Any.Sample(world =>
        {
            var problem = new PlacementProblem(world.View);
            var seats = problem.Seats(world.Target);
            if (PlacementEstimator.Estimate(problem, seats) is { } estimate)
            {
                var bills = Enumerable.Range(0, seats.Length)
                    .Select(vm => PlacementEstimator.Bill(problem, seats, vm, estimate.TimeSeconds)!.Value).ToArray();
                bills.Sum(bill => bill.Hosting + bill.Traffic + bill.Moving).ShouldBe(estimate.Cost, estimate.Cost * Rounding);
            }
        });

    [Fact]
    public void VMs_that_exchange_nothing_need_no_link()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithTraffic("vm1", "vm2", new Flow(0, 0))
            .WithSite("a", site => site with { Links = site.Links.Clear() });
        view.Evaluate(Samples.At("a"), Samples.At("b")).Verdict.IsFeasible.ShouldBeTrue();
    }

    [Fact]
    public void A_VM_on_an_offer_that_does_not_exist_is_refused() =>
        Should.Throw<ArgumentException>(() => new PlacementProblem(Samples.View([Samples.Site("a")], Samples.Vm("vm1", "b"))));

    [Fact]
    public void Traffic_of_an_unknown_VM_is_refused() =>
        Should.Throw<ArgumentException>(() => new PlacementProblem(
            Samples.View([Samples.Site("a")], Samples.Vm("vm1")).WithTraffic("vm1", "vm9", new Flow(1, 1))));

    private static void NeverLonger(PlacementView view, PlacementView better, World world)
    {
        var problem = new PlacementProblem(view);
        var seats = problem.Seats(world.Target);
        if (PlacementEstimator.Estimate(problem, seats) is { } before)
        {
            var after = PlacementEstimator.Estimate(new PlacementProblem(better), seats)!.Value;
            after.TimeSeconds.ShouldBeLessThanOrEqualTo(before.TimeSeconds * (1 + Rounding));
        }
    }

    private static PlacementView Nowhere(PlacementView view) =>
        view.With(application => application with { Vms = [.. application.Vms.Select(vm => vm with { At = null })] });

    private static PlacementView Silent(PlacementView view) => view with { Traffic = TrafficMatrix.Empty(view.Traffic.Period) };
}
