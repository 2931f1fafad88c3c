using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>A move that somebody wants: made whether or not it pays, and held against everything else.</summary>
public sealed class WantedMoveTests
{
    private static readonly PlanId Id = new(new(new("astro"), "cg", 1), 3);
    private static readonly VmId First = new("vm1");

    // Everything is at a; b costs twice as much, c half.
    private static readonly PlacementView View = Samples.View(
        [Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(2) }), Samples.Site("c", Samples.Std with { Price = PriceSchedule.Always(0.5m) })],
        Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"));

    [Fact]
    public void The_VM_goes_the_others_stay_and_the_plan_says_what_it_costs_more()
    {
        var plan = PlanOf(View, "b");
        (plan.Decision, plan.IsForced, plan.Wanted).ShouldBe((PlanDecision.Migrate, false, new(First, new("b"))));
        Sites(plan).ShouldBe(["b", "a", "a"]);
        plan.Steps.ShouldHaveSingleItem().To.ShouldBe(Samples.At("b"));
        plan.After!.Value.Cost.ShouldBeGreaterThan(plan.Before!.Value.Cost);
        Text(plan)[0].ShouldBe("vm1 is to be at b, as was asked for; all others stay");
        Text(plan)[1].ShouldMatch("^cost 3 by staying, 4.* with the move: 1.* more \\(.* %\\); hosting \\+1.*, traffic \\+0, moving \\+.*: by the objective staying is better, or as good$");
    }

    [Fact]
    public void A_move_that_saves_less_than_the_margin_asks_for_is_made_as_well_and_says_what_it_saves()
    {
        var view = View.WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.99m) });
        var plan = PlanOf(view, "b");
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        Sites(plan).ShouldBe(["b", "a", "a"]);
    }

    [Fact]
    public void What_has_to_be_at_one_site_with_it_goes_along_also_by_way_of_others()
    {
        var plan = PlanOf(View.With(application => application with { Together = [[First, new("vm2")], [new("vm2"), new("vm3")]] }), "b");
        Sites(plan).ShouldBe(["b", "b", "b"]);
        Text(plan)[0].ShouldBe("vm1 is to be at b, as was asked for; vm2, vm3 go along, for they have to be at one site; all others stay");
    }

    [Fact]
    public void What_cannot_be_is_said_with_the_rule_that_forbids_it()
    {
        Impossible(View.WithPolicy("b", policy => policy with { Tenants = ["bio"] })).Code.ShouldBe(RefusalCode.PolicyTenant);
        Impossible(View.WithVm("vm1", vm => vm with { Residency = ["eu"] })).Code.ShouldBe(RefusalCode.ResidencyMissing);
        Impossible(View.WithSite("b", site => site with { Quotas = [new Quota("astro", null, null, 0, null)] })).Code.ShouldBe(RefusalCode.QuotaVms);
        Impossible(View.WithOffer("b", offer => offer with { Available = 0 })).Code.ShouldBe(RefusalCode.CapacityOfferNone);
        Impossible(View.WithSite("a", site => site with { Links = site.Links.Remove(new("b")) })).Code.ShouldBe(RefusalCode.LinkForMove);
        Impossible(View.With(application => application with { Budget = 3.5m })).Code.ShouldBe(RefusalCode.Budget);
        Impossible(View with { Offline = [new("b")] }).Code.ShouldBe(RefusalCode.OfflineArrival);

        var apart = Impossible(View.WithVm("vm2", vm => vm with { At = Samples.At("b") })
            .With(application => application with { Apart = [new([First, new("vm2")], 2)] }));
        RefusalText.Of(apart).ShouldStartWith("affinity: vm1, vm2 have to be spread over 2 sites at least");
    }

    [Fact]
    public void A_VM_that_cannot_stay_where_it_is_is_placed_anew_and_holds_nothing_up()
    {
        var plan = PlanOf(View.WithVm("vm2", vm => vm with { Sites = [new("c")] }), "b");
        Sites(plan).ShouldBe(["b", "c", "a"]);
        plan.IsForced.ShouldBeTrue();
        Text(plan)[1].ShouldStartWith("staying is not possible: allowed sites: vm2");
    }

    [Fact]
    public void What_makes_no_sense_is_said_before_anything_is_worked_out()
    {
        Against("vm9", "b").ShouldBe(RefusalCode.VmUnknown);
        Against("vm1", "z").ShouldBe(RefusalCode.SiteUnknown);
        Against("vm1", "a").ShouldBe(RefusalCode.VmThere);
        Against("vm1", "b").ShouldBeNull();
        new WantedMove(First, new("b")).Against(View.WithVm("vm1", vm => vm with { At = null }).Application, View.Sites.Select(site => site.Id))!.Code.ShouldBe(RefusalCode.VmNowhere);

        static RefusalCode? Against(string vm, string site) => new WantedMove(new(vm), new(site)).Against(View.Application, View.Sites.Select(known => known.Id))?.Code;
    }

    [Fact]
    public void Of_all_placements_with_the_VM_there_and_the_others_where_they_are_the_best_is_planned_and_none_only_if_there_is_none() =>
        Gen.Select(Worlds.Small, Gen.Int[0, 2], Gen.Int[0, 2]).Sample((world, vm, site) =>
        {
            var view = world.View;
            var wanted = new WantedMove(view.Application.Vms[vm % view.Application.Vms.Length].Id, view.Sites[site % view.Sites.Length].Id);
            if (wanted.Against(view.Application, view.Sites.Select(known => known.Id)) is not null || HasEnds(view))
            {
                return;
            }

            var plan = Planner.Plan(view with { Wanted = wanted }, new EverySeatSolver(), new(), CancellationToken.None);

            // Nobody changes his offer where he stays, whether or not restarts are allowed.
            var problem = new PlacementProblem(view.With(application => application with { Restarts = null }));
            var going = GoingWith(view, wanted.Vm);
            var allowed = EverySeatSolver.Assignments(problem).Where(assignment => assignment.Index().All(seat => going.Contains(view.Application.Vms[seat.Index].Id)
                ? problem.Seats[seat.Item].Site.Id == wanted.Site
                : problem.CurrentSeats[seat.Index] is var here && (here < 0 || !problem.Candidates[seat.Index].Contains(here) || problem.Seats[here].SiteIndex == problem.Seats[seat.Item].SiteIndex)));
            var best = allowed.Select(assignment => Evaluated.Of(problem, assignment)).Where(placed => placed.Verdict.IsFeasible).ToList();
            (plan.Decision == PlanDecision.Infeasible).ShouldBe(best.Count == 0);
            if (best.Count > 0)
            {
                ObjectiveValue.Of(view.Application.Objective, plan.After!.Value).Primary.ShouldBe(best.Min(placed => placed.Value.Primary), 1e-9);
                plan.Placement.Single(placed => placed.Vm == wanted.Vm).Location.Site.ShouldBe(wanted.Site);
            }
            else
            {
                plan.Why[0].ShouldBeOfType<PlanReason.WantedImpossible>();
            }
        }, iter: 2000);

    [Fact]
    public void Where_little_is_left_to_choose_nothing_is_left_to_a_search_that_proves_nothing()
    {
        var tired = new FixedSolver(new(PlanStatus.Unknown, [], null, "tired"));
        var cluster = Samples.View(View.Sites, [.. Enumerable.Range(1, 40).Select(vm => Samples.Vm($"vm{vm}", "a"))]) with { Wanted = new(First, new("b")) };
        Planner.Plan(cluster, tired, new(), CancellationToken.None).ShouldSatisfyAllConditions(
            plan => plan.Status.ShouldBe(PlanStatus.Optimal), plan => plan.Steps.ShouldHaveSingleItem().Vm.ShouldBe(First));
        Planner.Plan(cluster.With(application => application with { Budget = 40 }), tired, new(), CancellationToken.None).ShouldSatisfyAllConditions(
            plan => plan.Status.ShouldBe(PlanStatus.Infeasible),
            plan => plan.Why.ShouldHaveSingleItem().ShouldBeOfType<PlanReason.WantedImpossible>().Refusal.Code.ShouldBe(RefusalCode.Budget));
    }

    [Fact]
    public void When_it_is_applied_it_need_not_gain_anything_and_has_to_be_possible_yet()
    {
        var plan = PlanOf(View, "b");
        Check(View).ShouldBeNull();
        Check(View.WithOffer("b", offer => offer with { Price = PriceSchedule.Always(9) })).ShouldBeNull();
        Check(View.WithSite("b", site => site with { Quotas = [new Quota("astro", null, null, 0, null)] }))!.Root.Code.ShouldBe(RefusalCode.QuotaVms);
        Check(View.With(application => application with { Budget = 3.5m }))!.Root.Code.ShouldBe(RefusalCode.Budget);
        Check(View with { Sites = [.. View.Sites.Where(site => site.Id != new SiteId("b"))] })!.Root.ShouldBe(Refusal.SiteUnknown(new("b")));

        Refusal? Check(PlacementView now) => PlanReliance.Check(Id, plan, 0, departs: false, now).Refusal;
    }

    [Fact]
    public void What_was_wanted_is_not_undone_while_it_cools_down_and_later_not_without_a_word()
    {
        var policy = new MovePolicy { PersistenceWindows = 1, CooldownSeconds = 600 };
        var applied = DecisionLoop.Ended(new(), Id, PlanOf(View, "b"), PlanState.Applied, [First], Samples.Now);
        var moved = View.WithVm("vm1", vm => vm with { At = Samples.At("b") });

        var soon = Look(moved with { Now = Samples.Now.AddSeconds(30) });
        soon.Plan!.Steps.ShouldAllBe(step => step.Vm != First);

        var later = Look(moved with { Now = Samples.Now.AddSeconds(630) });
        later.Plan!.Steps.Select(step => step.Vm).ShouldContain(First);
        Text(later.Plan).ShouldContain("vm1 is at b because plan cg.1.3 was asked for; this plan takes it away for the reasons given");

        // Once another plan has moved it nobody remembers; nor of a VM that has left.
        DecisionLoop.Ended(applied, Id with { Number = 4 }, later.Plan, PlanState.Applied, [First], Samples.Now).Wanted.ShouldBeEmpty();
        DecisionLoop.Without(applied, First).Wanted.ShouldBeEmpty();

        Decision Look(PlacementView view) => DecisionLoop.Decide(
            policy, applied, view, DecisionTrigger.TimePassed, seen => Planner.Plan(seen, new EverySeatSolver(), new(), CancellationToken.None));
    }

    private static Plan PlanOf(PlacementView view, string site) =>
        Planner.Plan(view with { Wanted = new(First, new(site)) }, new EverySeatSolver(), new(), CancellationToken.None);

    private static Refusal Impossible(PlacementView view)
    {
        var plan = PlanOf(view, "b");
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Rejected.ShouldHaveSingleItem().Site.ShouldBe(new SiteId("b"));
        return plan.Why[0].ShouldBeOfType<PlanReason.WantedImpossible>().Refusal;
    }

    // Courses that leave in time what closes are looked for in other ways than all placements one by one.
    private static bool HasEnds(PlacementView view) => view.Sites.Any(site => !site.Availability.IsEmpty);

    private static HashSet<VmId> GoingWith(PlacementView view, VmId vm)
    {
        var going = new HashSet<VmId> { vm };
        foreach (var _ in view.Application.Vms)
        {
            going.UnionWith(view.Application.Together.Where(set => set.Any(going.Contains)).SelectMany(set => set).ToList());
        }

        return going;
    }

    private static IEnumerable<string> Sites(Plan plan) => plan.Placement.Select(vm => vm.Location.Site.Value);

    private static ImmutableArray<string> Text(Plan plan) => [.. plan.Why.Select(PlanReasonText.Of)];
}
