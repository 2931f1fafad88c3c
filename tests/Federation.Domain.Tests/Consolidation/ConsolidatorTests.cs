using System.Collections.Immutable;
using Federation.Domain.Consolidation;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Tests.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Consolidation;

public sealed class ConsolidatorTests
{
    private static readonly SiteId A = new("a");
    private static readonly SiteHosts Three = HostSamples.Hosts("h1", "h2", "h3");

    [Fact]
    public void Hosts_are_emptied_onto_those_that_stay_in_use_and_an_empty_one_is_not_filled()
    {
        var advice = Advise(Three, [Place("vm1", "h1", 2), Place("vm2", "h2", 4)]);
        (advice.InUse, advice.Bound, advice.IsProven).ShouldBe((2, 1, true));
        advice.Emptied.ShouldBe(["h1"], "its VM is the smaller one");
        var move = advice.Moves.ShouldHaveSingleItem();
        (move.Vm.Vm.Value, move.From, move.To, move.Estimate.Bytes).ShouldBe(("vm1", "h1", "h2", 2 * Samples.GiB));
        var held = advice.Held.ShouldHaveSingleItem();
        (held.Host, held.Why.ShouldHaveSingleItem().Refusal.Code).ShouldBe(("h2", RefusalCode.CapacityHosts));
        $"{held.Why[0].Refusal}".ShouldEndWith("h1 is to be empty, h3 has no VM");
        (advice with { WattsPerHost = 90 }).WattsSaved.ShouldBe(90);
        advice.WattsSaved.ShouldBeNull();
    }

    [Fact]
    public void What_its_application_keeps_where_it_is_holds_its_host_and_says_why()
    {
        var quiet = Refusal.QuietHours(new("vm1"), Samples.Now);
        var advice = Advise(Three, [Place("vm1", "h1", 1), Place("vm2", "h2", 4)], moves => moves with { Vms = [.. moves.Vms.Select(vm => vm.Vm.Value == "vm1" ? vm with { Stays = quiet } : vm)] });
        advice.Emptied.ShouldBe(["h2"], "it is larger, and may move");
        advice.Held.ShouldHaveSingleItem().Why.ShouldHaveSingleItem().Refusal.ShouldBe(quiet);
    }

    [Fact]
    public void VMs_that_are_to_be_kept_apart_do_not_come_together_and_no_application_moves_more_than_it_allows()
    {
        Advise(Three, [Place("vm1", "h1", 1), Place("vm2", "h2", 4)], moves => moves with { Apart = [[new("vm1"), new("vm2")]] }).Emptied.ShouldBeEmpty();
        Allocation[] two = [Place("vm1", "h1", 1), Place("vm2", "h1", 1), Place("vm3", "h2", 3)];
        Advise(Three, two, moves => moves with { Left = 1 }).Emptied.ShouldBe(["h2"], "h1 has two VMs, and one may move");
        Advise(Three, two, moves => moves with { Left = 0 }).Emptied.ShouldBeEmpty();
    }

    [Fact]
    public void VMs_on_their_way_stay_where_they_are_and_what_drains_or_is_lost_is_not_for_an_advice()
    {
        var moving = Place("vm1", "h1", 1) with { State = AllocationState.Leaving, LeavesBy = MigrationId.Parse("astro/cg.1.2.1") };
        var advice = Advise(Three, [moving, Place("vm2", "h2", 4)]);
        advice.Held.Single(held => held.Host == "h1").Why.ShouldHaveSingleItem().Refusal.Code.ShouldBe(RefusalCode.VmLeaves);
        var draining = Three.Order(A, "h1", HostState.Draining, "anna", Samples.Now).Hosts;
        var other = Advise(draining, [Place("vm1", "h1", 1), Place("vm2", "h2", 4), Place("vm3", "h3", 1)]);
        other.Emptied.ShouldBe(["h3"]);
        var held = other.Held.Single(held => held.Host == "h1");
        (held.State, held.Why.IsEmpty).ShouldBe((HostState.Draining, true));
    }

    [Fact]
    public void A_host_of_other_hardware_takes_no_VM_that_asks_for_it_and_one_of_another_driver_none_at_all()
    {
        var hosts = HostSamples.Hosts("h1").Heard("h2", HostSamples.Facts(driver: "libvirt"), Samples.Now).Hosts;
        var advice = Advise(hosts, [Place("vm1", "h1", 1), Place("vm2", "h2", 1)]);
        advice.Emptied.ShouldBeEmpty();
        $"{advice.Held[0].Why.ShouldHaveSingleItem().Refusal}".ShouldEndWith("h2 has other hardware");
    }

    [Fact]
    public void What_finds_no_room_for_one_more_host_to_be_empty_would_have_to_leave_the_site()
    {
        Allocation[] places = [Place("vm1", "h1", 7), Place("vm2", "h2", 6), Place("vm3", "h3", 1), Place("vm4", "h3", 2)];
        var consolidator = Of(Three, places, moves => moves);
        var advice = consolidator.Advise();
        advice.Emptied.ShouldBe(["h3"], "1 vCPU is left on h1, 2 on h2");
        var rest = consolidator.Beyond(advice, "h1");
        rest.ShouldBeNull("vm3 comes there");
        var bare = Of(HostSamples.Hosts("h1", "h2"), [Place("vm1", "h1", 7), Place("vm2", "h2", 6), Place("vm3", "h2", 1)], moves => moves);
        var beyond = bare.Beyond(bare.Advise(), "h2").ShouldNotBeNull();
        (beyond.Leaving.Select(vm => vm.Vm.Value).ShouldHaveSingleItem(), beyond.Within.ShouldHaveSingleItem().Vm.Vm.Value).ShouldBe(("vm2", "vm3"));
        Of(HostSamples.Hosts("h1", "h2"), [Place("vm1", "h1", 7), Place("vm2", "h2", 6)], moves => moves with { Left = 0 }).Beyond(bare.Advise(), "h2").ShouldBeNull();
    }

    [Fact]
    public void An_application_says_what_of_it_may_move_by_its_quiet_hours_its_cool_down_and_its_moves_a_day()
    {
        var view = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3"));
        var policy = new MovePolicy();
        var history = Hysteresis.Moved(new(), [new("vm1")], Samples.Now.AddSeconds(-60));
        var moves = MovableVms.Of(view, A, history, policy);
        moves.Vms.Select(vm => (vm.Vm.Value, vm.Stays?.Code)).ShouldBe([("vm1", RefusalCode.CoolDown), ("vm2", null)]);
        (moves.Left, moves.Vms[1].Estimate.ShouldNotBeNull().Bytes > 0).ShouldBe((null, true));

        var daily = view with { Application = view.Application with { Moves = new() { PerDay = 2 } } };
        MovableVms.Of(daily, A, history, policy).Left.ShouldBe(1);
        var spent = Hysteresis.Moved(history, [new("vm3")], Samples.Now.AddHours(-2));
        MovableVms.Of(daily, A, spent, policy).Vms[1].Stays!.Code.ShouldBe(RefusalCode.MovesPerDay);

        var hot = view with { Application = view.Application with { Vms = [Samples.Vm("vm2", "a") with { DirtyBytesPerSecond = 2e9 }] } };
        var stuck = MovableVms.Of(hot, A, new(), policy).Vms.ShouldHaveSingleItem();
        (stuck.Estimate, stuck.Stays!.Code).ShouldBe((null, RefusalCode.MigrationNeverEnds));
    }

    [Theory]
    [InlineData(0.5, 0.25, null)]
    [InlineData(2, 0.25, "cost")]
    [InlineData(0.5, 0.0, "time in seconds")]
    public void Nobody_pays_for_an_advice_and_nobody_s_run_gets_longer_by_more_than_his_harm_limit(double price, double harm, string? more)
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always((decimal)price) })], Samples.Vm("vm1", "a"))
            .With(application => application with { HarmLimit = harm });
        view = view with
        {
            Drain = new(A, "h1", [new("vm1")]) { Targets = ImmutableSortedDictionary<VmId, string>.Empty },
            Sites = [.. view.Sites.Select(site => site with { Links = site.Links.ToImmutableSortedDictionary(link => link.Key, link => link.Value with { EgressPerGB = 0 }) })],
        };
        var trial = AdviceTrial.Of(view, seen => Planner.Plan(seen, new Plans.EverySeatSolver(), new(), CancellationToken.None));
        trial.Plan.Steps.ShouldHaveSingleItem().To.Site.Value.ShouldBe("b");
        trial.Refusal?.Arguments.Detail.ShouldBe(more);
        (trial.Refusal is null).ShouldBe(more is null);
    }

    [Fact]
    public void Where_no_other_site_takes_a_VM_its_owner_is_not_asked()
    {
        var view = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a")) with { Drain = new(A, "h1", [new("vm1")]) { Targets = ImmutableSortedDictionary<VmId, string>.Empty } };
        AdviceTrial.Of(view, seen => Planner.Plan(seen, new Plans.EverySeatSolver(), new(), CancellationToken.None)).Refusal!.Code.ShouldBe(RefusalCode.AdviceNowhere);
    }

    private static SiteAdvice Advise(SiteHosts hosts, Allocation[] places, Func<MovableVms, MovableVms>? with = null) => Of(hosts, places, with ?? (moves => moves)).Advise();

    private static Consolidator Of(SiteHosts hosts, Allocation[] places, Func<MovableVms, MovableVms> with) => new(
        A, hosts, new() { Allocations = ImmutableSortedDictionary.CreateRange(places.Select(place => KeyValuePair.Create(place.Vm, place))) },
        places.GroupBy(place => place.Vm.Application).Select(own => with(new(
            own.Key, [.. own.Select(place => new VmMove(place.Vm.Vm, new(place.Vcpus, place.MemoryBytes, []), new MigrationEstimate(place.MemoryBytes, 10, 0.1, 2), null))], null, []))));

    private static Allocation Place(string vm, string host, int vcpus) => new(
        VmRef.Parse($"astro/cg.1/{vm}"), "std", vcpus, vcpus * Samples.GiB, ReservationId.OfStart(PlanId.Parse("astro/cg.1.1")), AllocationState.Occupied, Migrates: false, Samples.Now, CoreHours: 0)
    {
        Host = host,
    };
}
