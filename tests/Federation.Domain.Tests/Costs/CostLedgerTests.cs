using CsCheck;
using Federation.Domain.Costs;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Costs;

public sealed class CostLedgerTests
{
    private static readonly VmId Vm1 = new("vm1");
    private static readonly PlacementView World = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"))
        .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.25m) });

    // 50 MB/s each second over a link of 0.02 per GB: 3.6 an hour, where the two are apart.
    private static readonly PlacementView Talking = World.WithTraffic("vm1", "vm2", new(0, 50e6));

    [Fact]
    public void A_VM_that_stays_costs_its_offer_and_nothing_is_added_twice()
    {
        var ledger = Looks(World, 0, 30, 30, 90, 60);
        Sum(ledger).ShouldBe(new(3, 0, 0), "two VMs at 1 an hour for an hour and a half; a clock that was set back adds nothing");
        Stayed(ledger).ShouldBe(new(3, 0, 0));
        ledger.LookedAt.ShouldBe(Samples.Now.AddMinutes(90));
    }

    [Fact]
    public void From_the_instant_of_its_move_a_VM_costs_what_the_new_site_takes_with_the_traffic_between_them_against_what_staying_would_have_cost()
    {
        var moved = Talking.WithVm("vm1", vm => vm with { At = Samples.At("b") });
        var ledger = Looks(Talking, 0, 20).Look(At(moved, 80), Since(50));
        var (a, b) = (Site(ledger, "a"), Site(ledger, "b"));
        a.Hosting.ShouldBe(((80 * 1) + (50 * 1)) / 60.0, 1e-9);
        b.Hosting.ShouldBe(30 * 0.25 / 60, 1e-9);
        (a.Traffic, Math.Round(b.Traffic, 9)).ShouldBe((0, 1.8), "vm1 sends, for half an hour");
        Stayed(ledger).Hosting.ShouldBe(160 / 60.0, 1e-9);
        Stayed(ledger).Traffic.ShouldBe(0);
    }

    [Fact]
    public void Prices_count_as_they_were_and_one_that_nobody_knows_is_said_to_be_missing()
    {
        var rising = World.WithOffer("a", offer => offer with { Price = new([new(DateTimeOffset.MinValue, 1), new(Samples.Now.AddMinutes(30), 3)]) });
        Sum(Looks(rising, 0, 60)).Hosting.ShouldBe(4, 1e-9);
        var dearer = World.WithOffer("a", offer => offer with { Price = PriceSchedule.Always(10) });
        Sum(Looks(World, 0, 60).Look(At(dearer, 120), Since(0))).Hosting.ShouldBe(22, 1e-9, "what was added up stays as it was");

        var unknown = World.WithOffer("a", offer => offer with { Price = PriceSchedule.Unknown });
        var partial = Looks(unknown, 0, 30);
        (Sum(partial).Hosting, partial.Slices.Single().IsPartial).ShouldBe((0, true));
        var gone = Looks(World, 0).Look(At(World, 30) with { Sites = [World.Sites[1]] }, Since(0));
        gone.Slices.Single().IsPartial.ShouldBeTrue("its site is described no more");
    }

    [Fact]
    public void Nothing_is_added_before_a_VM_runs_while_it_stands_still_or_after_a_gap_in_which_nobody_looked()
    {
        var nowhere = World.WithVm("vm1", vm => vm with { At = null }).WithVm("vm2", vm => vm with { At = null });
        Looks(nowhere, 0, 60).LookedAt.ShouldBeNull();
        var started = Looks(World, 0).Look(At(nowhere, 60), new Dictionary<VmId, DateTimeOffset> { [Vm1] = Samples.Now.AddMinutes(15), [new("vm2")] = Samples.Now.AddMinutes(30) });
        Sum(started).Hosting.ShouldBe(0.75, 1e-9);
        Sum(started.Look(At(World, 120), new Dictionary<VmId, DateTimeOffset> { [Vm1] = Samples.Now.AddMinutes(90), [new("vm2")] = Samples.Now.AddMinutes(120) })).Hosting.ShouldBe(1.25, 1e-9);

        var late = Looks(World, 0, 60).Look(World with { Now = Samples.Now.AddDays(40) }, Since(0));
        (Sum(late).Hosting, late.LookedAt).ShouldBe((2, Samples.Now.AddDays(40)));
    }

    [Fact]
    public void A_move_costs_the_bytes_that_it_sent_and_its_second_place_once()
    {
        var order = new MigrationOrder(new(new(World.Application.Id, 1), 1), new(World.Application.Id, Vm1), Samples.At("a"), Samples.At("b"), 2, 600, 1) { Bytes = 5e9 };
        var done = new MigrationState(order, order.Id.Plan, 0, MigrationPhase.Done, Samples.Now.AddMinutes(10), Samples.Now.AddMinutes(20));
        var ledger = Looks(World, 0, 60).With([done], At(World, 60));
        Site(ledger, "a").Moving.ShouldBe(0.1, 1e-9, "5 GB at 0.02");
        Site(ledger, "b").Moving.ShouldBe(0.25 / 6, 1e-9, "ten minutes of its place there");
        (ledger.Moves.Single().Vm, Math.Round(ledger.Moves.Single().Cost, 9)).ShouldBe((Vm1, Math.Round(0.1 + (0.25 / 6), 9)));
        ledger.Slices.Length.ShouldBe(1);
        var back = done with { Phase = MigrationPhase.RolledBack };
        ledger.With([done, back with { Order = order with { Id = new(order.Id.Plan, 2) } }], At(World, 60)).ShouldBe(ledger);
    }

    [Fact]
    public void Whatever_was_looked_at_when_the_sum_is_the_same_and_no_more_is_kept_than_said() => Gen.Int[1, 4000].Array[1, 60].Sample(
        minutes =>
        {
            var (ledger, at) = (Looks(Talking, 0), 0);
            foreach (var step in minutes)
            {
                at += step;
                ledger = ledger.Look(At(Talking, at), Since(0));
            }

            Sum(ledger).Hosting.ShouldBe(at / 30.0, 1e-6);
            (ledger.Slices[0].From, ledger.Slices[^1].Until).ShouldBe((Samples.Now, Samples.Now.AddMinutes(at)));
            ledger.Slices.Zip(ledger.Slices.Skip(1)).ShouldAllBe(pair => pair.First.Until == pair.Second.From);
            ledger.Slices.Length.ShouldBeLessThanOrEqualTo(((CostSpans.DaysOfHours + 1) * 24) + CostSpans.DaysOfDays + 62);
        },
        iter: 60);

    [Fact]
    public void Hours_become_days_days_become_months_and_what_is_older_than_five_years_goes()
    {
        var ledger = Enumerable.Range(1, 60 * 12).Aggregate(Looks(World, 0), (sum, step) => sum.Look(World with { Now = Samples.Now.AddDays(step * 3.04) }, Since(0)));
        var now = ledger.LookedAt!.Value;
        ledger.Slices[0].Until.ShouldBeGreaterThan(now.AddDays(-CostSpans.DaysOfMonths - 1));
        ledger.Slices[0].From.ShouldBeGreaterThan(now.AddDays(-CostSpans.DaysOfMonths - 32));
        var spans = ledger.Slices.Select(slice => (slice.Until - slice.From).TotalHours).ToList();
        (spans[0] > 24, spans[^110] is > 1 and <= 24, spans[^2] <= 1).ShouldBe((true, true, true));
        ledger.Slices.Length.ShouldBeLessThan(300);
    }

    private static PlacementView At(PlacementView view, double minutes) => view with { Now = Samples.Now.AddMinutes(minutes) };

    private static Dictionary<VmId, DateTimeOffset> Since(double minutes) => new() { [Vm1] = Samples.Now.AddMinutes(minutes) };

    private static CostLedger Looks(PlacementView view, params double[] minutes) =>
        minutes.Aggregate(new CostLedger(), (ledger, at) => ledger.Look(At(view, at), new Dictionary<VmId, DateTimeOffset>()));

    private static SiteCost Sum(CostLedger ledger) => Rounded(ledger.Slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Total()));

    private static SiteCost Stayed(CostLedger ledger) => Rounded(ledger.Slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Stayed));

    private static SiteCost Site(CostLedger ledger, string site) =>
        ledger.Slices.Aggregate(default(SiteCost), (sum, slice) => sum + (slice.Sites.TryGetValue(new(site), out var cost) ? cost : default));

    private static SiteCost Rounded(SiteCost cost) => new(Math.Round(cost.Hosting, 9), Math.Round(cost.Traffic, 9), Math.Round(cost.Moving, 9));
}
