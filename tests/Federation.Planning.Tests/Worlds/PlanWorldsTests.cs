using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;
using Federation.Planning.Tests.Reference;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Worlds;

/// <summary>Plans of the same random worlds every time, each held against an independent checker.</summary>
/// <remarks><c>FEDERATION_WORLDS</c> says how many; <c>tests/bench/worlds.sh</c> goes through ten thousand.</remarks>
public sealed class PlanWorldsTests(ITestOutputHelper output)
{
    private const int Usual = 1_500;

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_WORLDS"), CultureInfo.InvariantCulture, out var count) ? count : Usual;

    [Fact]
    public void No_plan_breaks_a_constraint_at_any_step_or_is_worse_than_staying_or_is_changed_when_made_again()
    {
        var faults = new List<string>();
        var kinds = new SortedDictionary<string, int>();
        foreach (var world in Enumerable.Range(0, Count).Select(number => new PlanWorld(number)))
        {
            var plan = PlanOf(world.View);
            Note(kinds, plan);
            faults.AddRange(FaultsOf(world.View, plan).Select(fault => $"{world}: {fault}"));
        }

        output.WriteLine(string.Join('\n', kinds.Select(kind => $"{kind.Key} {kind.Value}")));
        faults.ShouldBeEmpty();
        kinds.ShouldContainKey("leaves later");
        kinds.ShouldContainKey("stops on the way");
        kinds.ShouldContainKey("restarts");
    }

    private static IEnumerable<string> FaultsOf(PlacementView view, Plan plan)
    {
        if (plan.Decision == PlanDecision.Infeasible)
        {
            return BruteForce.Best(view) is null ? [] : ["there is a placement"];
        }

        return new PlanChecker(view, plan).Faults().Concat(WorseThanStaying(view, plan)).Concat(Again(view, plan));
    }

    private static IEnumerable<string> WorseThanStaying(PlacementView view, Plan plan)
    {
        if (view.Application.Vms.All(vm => vm.At is not null))
        {
            var stay = view.Application.Vms.Select(vm => vm.At!.Value).ToList();
            if (view.Application.Vms.Zip(stay).All(pair => ReferenceRules.CouldBe(view, pair.First, pair.Second))
                && ReferenceRules.Broken(view, stay) is null)
            {
                var before = new ReferencePlacement(view, stay).Terms().Value(plan.Objective);
                var after = ObjectiveValue.Of(plan.Objective, plan.After!.Value);
                if (BruteForce.IsBetter(before, [after.Primary, after.Secondary, after.Tertiary, after.Last]))
                {
                    yield return "staying is better";
                }
            }
        }
    }

    // Applied at once, the run going on as the plan predicts, what has moved cooling down.
    private static IEnumerable<string> Again(PlacementView view, Plan plan)
    {
        if (plan.LeaveAt is not null)
        {
            yield break;
        }

        var moved = Hysteresis.Moved(new(), plan.Steps.Select(step => step.Vm), view.Now);
        var again = PlanOf(After(view, plan) with { CoolingDown = Hysteresis.CoolingDown(moved, new(), view.Now) });

        // What it finds to do at a later event undoes nothing: with several events a search that is not said to be optimal may miss it at first.
        // Nor is what was not possible at first: where VMs have left a site that held more than it may, others may come.
        if (again.Decision != PlanDecision.Stay && !again.Steps.IsEmpty && !GainsOnlyMinimums(view, plan, again)
            && WasPossible(view, [.. again.Placement.Select(vm => vm.Location)]))
        {
            yield return $"made again it is to {again.Decision}: {PlanReasonText.Of(again.Why[0])}";
        }
    }

    private static bool WasPossible(PlacementView view, Location[] locations) =>
        view.Application.Vms.Zip(locations).All(pair => ReferenceRules.CouldBe(view, pair.First, pair.Second)) && ReferenceRules.Broken(view, locations) is null;

    // A minimum that a VM has incurred by arriving is not in the bill of staying: a gain within what is left of it is none.
    private static bool GainsOnlyMinimums(PlacementView view, Plan plan, Plan again)
    {
        var forgotten = view.Application.Vms.Zip(plan.Placement).Where(pair => pair.First.At?.Site != pair.Second.Location.Site).Sum(pair =>
        {
            var site = view.Sites.Single(site => site.Id == pair.Second.Location.Site);
            var offer = site.Offers.Single(offer => offer.Name == pair.Second.Location.Offer);
            double Price(bool arrives) => ReferencePlacement.Price(
                offer, view.Now, ReferencePlacement.Billed(site, again.After!.Value.TimeSeconds, arrives));
            return Price(arrives: true) - Price(arrives: false);
        });
        return plan.Objective == Objective.Cost && again is { Before: { } before, After: { } after }
            && before.Cost - after.Cost - forgotten <= view.Application.Margin * before.Cost;
    }

    private static PlacementView After(PlacementView view, Plan plan)
    {
        var after = plan.After!.Value;
        var run = TimeSpan.FromSeconds(after.RunSeconds);
        return view with
        {
            Traffic = TrafficMatrix.Combine([(view.Traffic, view.Application.Remaining / run)], view.Traffic.Period),
            // With overlap the design's formula would take less compute to be left than the plan has counted on.
            Work = view.Application.Overlap > 0 ? new PlacementProblem(view).Work : [],
            Application = view.Application with
            {
                Remaining = run,
                // Limits count from before the plan: what its moves took of them is gone.
                HarmLimit = (((view.Application.Remaining.TotalSeconds * (1 + view.Application.HarmLimit)) - after.DowntimeSeconds) / after.RunSeconds) - 1,
                Deadline = view.Application.Deadline - TimeSpan.FromSeconds(after.DowntimeSeconds),
                Budget = view.Application.Budget - (decimal)after.Moving,
                Vms = [.. view.Application.Vms.Zip(plan.Placement, (vm, planned) => vm with { At = planned.Location })],
            },
        };
    }

    private static void Note(SortedDictionary<string, int> kinds, Plan plan)
    {
        string[] found =
        [
            plan.Decision.ToString(), .. plan.LeaveAt is null ? Array.Empty<string>() : ["leaves later"],
            .. plan.Steps.GroupBy(step => step.Vm).Any(legs => legs.Count() > 1) ? ["stops on the way"] : Array.Empty<string>(),
            .. plan.Steps.Any(step => step.From.Site == step.To.Site) ? ["restarts"] : Array.Empty<string>(),
            .. plan.Steps.Length > 1 ? ["several steps"] : Array.Empty<string>(),
        ];
        foreach (var kind in found)
        {
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
    }

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new AutoSolver(), Given.AmpleTime, TestContext.Current.CancellationToken);
}
