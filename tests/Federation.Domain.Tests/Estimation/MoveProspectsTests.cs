using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Tests.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>One VM of 4 GiB and 10 MB/s over a link of 100 MB/s: how it moves, and why not live.</summary>
public sealed class MoveProspectsTests
{
    private static readonly ColdMoves Cold = new(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30));
    private static readonly VmGuest Disk = new() { Disks = [new("root", null, 20_000_000_000, 2_000_000_000, 0)] };

    [Fact]
    public void It_moves_live_where_nothing_stands_against_it_even_if_cold_is_allowed()
    {
        var estimate = Of(view => view.With(application => application with { ColdMoves = Cold })).Estimate.ShouldNotBeNull();
        estimate.ShouldBe(Of(view => view).Estimate!.Value);
        (estimate.IsCold, estimate.LostSeconds, estimate.DelaySeconds).ShouldBe((false, 0, estimate.DowntimeSeconds));
    }

    [Fact]
    public void Its_disks_go_along()
    {
        var with = Of(view => view.WithVm("vm1", vm => vm with { Guest = Disk })).Estimate!.Value;
        var without = Of(view => view).Estimate!.Value;
        (with.Bytes - without.Bytes).ShouldBe(2e9, 1);
        (with.DurationSeconds - without.DurationSeconds).ShouldBe(20, 1e-6);
    }

    [Fact]
    public void Memory_that_never_ends_moves_cold_only_where_that_is_allowed()
    {
        static PlacementView Hot(PlacementView view) => view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 1e8, Guest = Disk });
        Of(Hot).ShouldBe((null, RefusalCode.MigrationNeverEnds));
        // 2 GB at 100 MB/s and 30 s of boot, and ten minutes of work forgotten.
        var (cold, why) = Of(view => Hot(view).With(application => application with { ColdMoves = Cold }));
        cold.ShouldBe(new MigrationEstimate(2e9, 50, 50, 0) { IsCold = true, LostSeconds = 600 });
        (cold!.Value.DelaySeconds, why).ShouldBe((650, RefusalCode.MigrationNeverEnds));
    }

    [Fact]
    public void A_cold_move_that_would_stand_still_for_too_long_is_none_and_the_reason_says_so()
    {
        static PlacementView Hot(PlacementView view, double longest) => view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 1e8, Guest = Disk })
            .With(application => application with { ColdMoves = Cold with { Downtime = TimeSpan.FromSeconds(longest) } });
        // 20 s of copying and 30 s of boot; the work that is forgotten is none of it.
        Of(view => Hot(view, 50)).Estimate!.Value.IsCold.ShouldBeTrue();
        Of(view => Hot(view, 49)).Estimate.ShouldBeNull();
        var refusal = SeatRules.Check(new PlacementProblem(Hot(View, 49)), 0, new PlacementProblem(Hot(View, 49)).Seats[1]).Refusal!;
        (refusal.Code, refusal.Arguments.Limit, refusal.Arguments.Needed).ShouldBe((RefusalCode.ColdDowntime, 49, 50));
        // What could move live is not asked.
        Of(view => view.With(application => application with { ColdMoves = Cold with { Downtime = TimeSpan.FromSeconds(1) } })).Estimate!.Value.IsCold.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_site_that_lets_none_move_live_lets_them_move_cold(string forbids)
    {
        PlacementView Forbidden(PlacementView view) => view.WithPolicy(forbids, policy => policy with { Moves = new() { Live = false } });
        Of(Forbidden).ShouldBe((null, RefusalCode.MoveNotLive));
        Of(view => Forbidden(view).With(application => application with { ColdMoves = Cold })).Estimate!.Value.IsCold.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_moves_between_a_site_with_hosts_and_one_without_not_even_cold()
    {
        PlacementView Hosts(PlacementView view, params string[] sites) => sites.Aggregate(
            view.WithVm("vm1", vm => vm with { Guest = Disk }).With(application => application with { ColdMoves = Cold }), (some, name) => some.WithSite(name, site => site with { HasHosts = true }));
        Of(view => Hosts(view, "a")).ShouldBe((null, RefusalCode.MoveWithoutHosts));
        Of(view => Hosts(view, "b")).ShouldBe((null, RefusalCode.MoveWithoutHosts));
        Of(view => Hosts(view, "a", "b")).Why.ShouldBeNull();
    }

    [Theory]
    [InlineData(MissedLimit.Stay, false, false)]
    [InlineData(MissedLimit.Exceed, true, false)]
    [InlineData(MissedLimit.Cold, true, true)]
    public void What_happens_where_a_limit_cannot_be_held_is_the_application_s_to_say(MissedLimit missed, bool moves, bool cold)
    {
        foreach (var (limits, code) in new[]
        {
            (new MoveLimits { Downtime = TimeSpan.FromSeconds(0.05), WhenMissed = missed }, RefusalCode.MoveDowntime),
            (new MoveLimits { Duration = TimeSpan.FromSeconds(10), WhenMissed = missed }, RefusalCode.MoveDuration),
        })
        {
            var (estimate, why) = Of(view => view.With(application => application with { Moves = limits, ColdMoves = Cold }));
            (estimate is not null, estimate?.IsCold == true).ShouldBe((moves, cold));
            why.ShouldBe(missed == MissedLimit.Exceed ? null : code);
        }
    }

    [Fact]
    public void The_stricter_of_application_and_sites_holds()
    {
        Of(view => view.WithPolicy("b", policy => policy with { Moves = new() { Duration = TimeSpan.FromSeconds(10) } })).Why.ShouldBe(RefusalCode.MoveDuration);
        Of(view => view.WithPolicy("a", policy => policy with { Moves = new() { Downtime = TimeSpan.FromSeconds(0.05) } })).Why.ShouldBe(RefusalCode.MoveDowntime);
        Of(view => view.WithPolicy("a", policy => policy with { Moves = new() { Duration = TimeSpan.FromHours(1), Downtime = TimeSpan.FromSeconds(1) } })).Why.ShouldBeNull();
        var slow = Of(view => view.WithPolicy("a", policy => policy with { Moves = new() { BytesPerSecond = 5e7 } })).Estimate!.Value;
        slow.DurationSeconds.ShouldBeGreaterThan(Of(view => view).Estimate!.Value.DurationSeconds * 2);
    }

    [Fact]
    public void A_longer_downtime_that_is_allowed_takes_fewer_rounds_and_a_shorter_one_more()
    {
        int Rounds(double seconds) => Of(view => view.With(application => application with { Moves = new() { Downtime = TimeSpan.FromSeconds(seconds) } })).Estimate!.Value.Rounds;
        Rounds(5).ShouldBeLessThan(Rounds(0.2));
        Of(view => view.With(application => application with { Moves = new() { Downtime = TimeSpan.FromSeconds(0.2) } })).Estimate!.Value.DowntimeSeconds.ShouldBeLessThanOrEqualTo(0.2);
    }

    [Fact]
    public void A_processor_is_slowed_down_only_where_it_has_to_be_and_all_three_allow_it_and_the_work_is_lost()
    {
        static PlacementView Hot(PlacementView view) => view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 2e8 })
            .With(application => application with { Moves = new() { AutoConverge = true } });
        var slowed = Of(Hot).Estimate.ShouldNotBeNull();
        slowed.IsCold.ShouldBeFalse();
        // 50 of 200 MB/s are let through: three quarters of the time that it is copied.
        slowed.LostSeconds.ShouldBe((slowed.DurationSeconds - slowed.DowntimeSeconds) * 0.75, 1e-9);
        Of(view => Hot(view).WithPolicy("b", policy => policy with { Moves = new() { AutoConverge = false } })).ShouldBe((null, RefusalCode.MigrationNeverEnds));
        // 60 MB/s are more than would be let through, and end by themselves.
        Of(view => Hot(view).WithVm("vm1", vm => vm with { DirtyBytesPerSecond = 6e7 })).Estimate!.Value.LostSeconds.ShouldBe(0);
    }

    [Fact]
    public void No_move_that_is_planned_passes_a_limit_unless_it_may() => Gen.Select(Gen.Double[0, 1.5e8], Gen.Double[0.01, 5], Gen.Double[1, 200], Gen.Enum<MissedLimit>(), Gen.Bool).Sample((dirty, downtime, duration, missed, converge) =>
    {
        var limits = new MoveLimits { Downtime = TimeSpan.FromSeconds(downtime), Duration = TimeSpan.FromSeconds(duration), WhenMissed = missed, AutoConverge = converge };
        var (estimate, why) = Of(view => view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = dirty }).With(application => application with { Moves = limits, ColdMoves = Cold }));
        if (estimate is { IsCold: false } live && missed != MissedLimit.Exceed)
        {
            live.DowntimeSeconds.ShouldBeLessThanOrEqualTo(limits.Downtime!.Value.TotalSeconds);
            live.DurationSeconds.ShouldBeLessThanOrEqualTo(limits.Duration!.Value.TotalSeconds);
        }

        // Cold is never silent: there is always a reason why it is not live.
        (estimate is not { IsCold: false }).ShouldBe(why is not null);
    });

    [Fact]
    public void An_image_that_no_one_has_keeps_a_VM_from_coming()
    {
        static PlacementView Imaged(PlacementView view) => view.WithVm("vm1", vm => vm with { Guest = new() { Disks = [new("root", "debian", 1)] } })
            .With(application => application with { Images = [new("debian", new('a', 64), [])] });
        Verdict(Imaged).ShouldBe(RefusalCode.ImageMissing);
        Verdict(view => Imaged(view).WithSite("b", site => site with { Images = [new("x", new('a', 64), ["file:///x"])] })).ShouldBeNull();
        Verdict(view => Imaged(view).With(application => application with { Images = [new("debian", new('a', 64), ["file:///x"])] })).ShouldBeNull();
    }

    [Fact]
    public void At_a_site_with_hosts_a_VM_needs_something_to_start_from_and_one_host_that_is_large_enough_and_has_its_hardware()
    {
        static PlacementView Hosted(PlacementView view, params HostFacts[] hosts) => view.Sites.Aggregate(view.WithVm("vm1", vm => vm with { At = null }), (some, each) => some.WithSite(each.Id.Value, site =>
            hosts.Index().Aggregate(SiteHosts.None, (all, host) => all.Heard($"h{host.Index}", host.Item, Samples.Now).Hosts).Bounded(site, new())));
        static PlacementView With(PlacementView view, GuestHardware hardware) => view.WithVm("vm1", vm => vm with { Guest = Disk with { Hardware = hardware } });
        static PlacementView Open(PlacementView view) => With(view, new());

        var facts = HostSamples.Facts();
        Verdict(view => Hosted(view, facts with { Hypervisor = facts.Hypervisor with { NeedsImage = true } })).ShouldBe(RefusalCode.GuestMissing);
        Verdict(view => Hosted(Open(view), facts with { Hypervisor = facts.Hypervisor with { NeedsImage = true } })).ShouldBeNull();
        Verdict(view => Hosted(view, facts)).ShouldBeNull("as a plug-in's host, which has an image of its own");
        Verdict(view => Hosted(Open(view), HostSamples.Facts())).ShouldBeNull();
        // In sum there is room for many.
        Verdict(view => Hosted(Open(view), [.. Enumerable.Repeat(HostSamples.Facts(vcpus: Samples.Std.Vcpus - 1), 8)])).ShouldBe(RefusalCode.HostTooSmall);
        Verdict(view => Hosted(Open(view), HostSamples.Facts(vcpus: Samples.Std.Vcpus - 1), HostSamples.Facts())).ShouldBeNull();
        Verdict(view => Hosted(With(view, new(CpuModel: "Zen")), HostSamples.Facts(cpus: ["Haswell"]))).ShouldBe(RefusalCode.HostLacksHardware);
        Verdict(view => Hosted(With(view, new(CpuModel: "Zen")), HostSamples.Facts(vcpus: 1, cpus: ["Zen"]), HostSamples.Facts(cpus: ["Haswell"]))).ShouldBe(RefusalCode.HostLacksHardware);
        Verdict(view => Hosted(With(view, new(CpuModel: "Haswell")), HostSamples.Facts(cpus: ["Zen", "Haswell"]))).ShouldBeNull();
    }

    [Fact]
    public void Where_the_hosts_of_two_sites_have_no_CPU_model_in_common_a_VM_moves_cold_if_that_is_allowed_and_the_plan_can_say_why()
    {
        static PlacementView Apart(PlacementView view) => view.Sites.Aggregate(
            view.WithVm("vm1", vm => vm with { Guest = Disk }),
            (some, each) => some.WithSite(each.Id.Value, site => SiteHosts.None.Heard("h", HostSamples.Facts(cpus: [$"model of {each.Id}"]), Samples.Now).Hosts.Bounded(site, new())));
        Of(Apart).ShouldBe((null, RefusalCode.MoveHardware));
        var (cold, why) = Of(view => Apart(view).With(application => application with { ColdMoves = Cold }));
        (cold?.IsCold, why).ShouldBe((true, RefusalCode.MoveHardware));
    }

    private static (MigrationEstimate? Estimate, RefusalCode? Why) Of(Func<PlacementView, PlacementView> change)
    {
        var problem = new PlacementProblem(change(View));
        var estimate = problem.MigrationBetween(0, 0, 1);
        // What the rules say of the seat is the same.
        SeatRules.Check(problem, 0, problem.Seats[1]).IsFeasible.ShouldBe(estimate is not null);
        return (estimate, problem.AgainstLive(0, 0, 1)?.Code);
    }

    private static RefusalCode? Verdict(Func<PlacementView, PlacementView> change)
    {
        var problem = new PlacementProblem(change(View));
        return SeatRules.Check(problem, 0, problem.Seats[1]).Refusal?.Code;
    }

    private static PlacementView View => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"));
}
