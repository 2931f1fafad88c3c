using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

/// <summary>A price of carbon is to every solver what the same money on each offer's price is.</summary>
public sealed class CarbonTests
{
    private const int Worlds = 60;

    [Fact]
    public void Plans_with_a_price_of_carbon_are_those_of_a_world_in_which_offers_cost_so_much_more()
    {
        var moved = 0;
        for (var number = 0; number < Worlds; number++)
        {
            var (emitting, dearer) = Both(new PlanWorld(number).View, new(number));
            var (plan, same) = (PlanOf(emitting), PlanOf(dearer));
            (plan.Decision, plan.LeaveAt).ShouldBe((same.Decision, same.LeaveAt), $"world {number}");
            plan.Placement.Select(vm => vm.Location).ShouldBe(same.Placement.Select(vm => vm.Location), $"world {number}");
            Math.Abs((plan.After?.Cost ?? 0) - (same.After?.Cost ?? 0)).ShouldBeLessThan(1e-9 * (1 + (same.After?.Cost ?? 0)), $"world {number}");
            moved += plan.Placement.Select(vm => vm.Location).SequenceEqual(PlanOf(emitting with { Application = emitting.Application with { CarbonPrice = null } }).Placement.Select(vm => vm.Location)) ? 0 : 1;
        }

        moved.ShouldBeGreaterThan(0, "in some worlds it matters");
    }

    // The same amounts, written into the prices by the test itself.
    private static (PlacementView Emitting, PlacementView Dearer) Both(PlacementView view, Random random)
    {
        var (emitting, dearer) = (ImmutableArray.CreateBuilder<Site>(), ImmutableArray.CreateBuilder<Site>());
        foreach (var site in view.Sites)
        {
            var (watts, grams) = (random.Next(1, 20), random.Next(1000));
            emitting.Add(site with { Energy = new(watts, PriceSchedule.Always(grams)) });
            dearer.Add(site with { Offers = [.. site.Offers.Select(offer => More(offer, offer.Vcpus * watts * grams * 0.005m / 1000))] });
        }

        // 5000 a tonne are half a cent a gram.
        return (view with { Sites = emitting.ToImmutable(), Application = view.Application with { CarbonPrice = 5000 } }, view with { Sites = dearer.ToImmutable() });
    }

    private static Offer More(Offer offer, decimal perHour) => offer with { Price = new(offer.Price.Entries.Select(entry => entry with { PerHour = entry.PerHour + perHour })) };

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new AutoSolver(), Given.AmpleTime, TestContext.Current.CancellationToken);
}
