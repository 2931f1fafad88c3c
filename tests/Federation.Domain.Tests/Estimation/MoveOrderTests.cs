using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class MoveOrderTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    // Both placements fit, with hardly a free seat besides: in many worlds moves wait for each other.
    private static readonly Gen<(PlacementView View, Location[] Target)> Tight =
        from vms in Gen.Int[1, 6]
        from here in Gen.Int[0, 2].Array[vms]
        from there in Gen.OneOf<int[]>(Gen.Int[0, 2].Array[vms], Gen.Shuffle(here.ToArray()))
        from isNew in Gen.Frequency((5, false), (1, true)).Array[vms]
        from free in Gen.Frequency((9, 0), (1, 1)).Array[Names.Length]
        from byQuota in Gen.Bool.Array[Names.Length]
        let room = Names.Select((_, site) => Math.Max(here.Count(at => at == site), there.Count(at => at == site)) + free[site])
        select (ViewOf([.. room], byQuota, here, isNew), there.Select(site => Samples.At(Names[site])).ToArray());

    [Fact]
    public void An_order_is_found_exactly_when_there_is_one()
    {
        int found = 0, stuck = 0;
        Tight.Sample(
            (view, target) =>
            {
                var problem = new PlacementProblem(view);
                var assignment = problem.Seats(target);
                var exists = Orders(Movers(problem, assignment)).Any(order => HasRoomThroughout(problem, assignment, order));
                (MoveOrder.Find(problem, assignment) is not null).ShouldBe(exists);
                Interlocked.Increment(ref exists ? ref found : ref stuck);
            },
            iter: 3000);
        found.ShouldBeGreaterThan(100);
        stuck.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Every_VM_that_migrates_is_in_the_order_once_and_every_step_has_room() =>
        Tight.Sample(
            (view, target) =>
            {
                var problem = new PlacementProblem(view);
                var assignment = problem.Seats(target);
                if (MoveOrder.Find(problem, assignment) is { } order)
                {
                    order.Order().ShouldBe(Movers(problem, assignment));
                    HasRoomThroughout(problem, assignment, order).ShouldBeTrue();
                }
            },
            iter: 3000);

    [Fact]
    public void Nothing_moves_where_everything_stays()
    {
        var problem = new PlacementProblem(Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"), Samples.Vm("vm2")));
        MoveOrder.Find(problem, problem.Seats([Samples.At("a"), Samples.At("a")])).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public void A_new_VM_starts_after_the_moves_that_make_way_for_it()
    {
        // a has room for one, b for two: vm1 can come to b and vm2 go to a only while the new VM is not at b yet.
        var view = Samples.View(
                [Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b"), Samples.Vm("new"))
            .WithOffer("a", offer => offer with { Available = 1 })
            .WithOffer("b", offer => offer with { Available = 2 });
        var problem = new PlacementProblem(view);
        MoveOrder.Find(problem, problem.Seats([Samples.At("b"), Samples.At("a"), Samples.At("b")])).ShouldBe([0, 1]);
    }

    [Fact]
    public void Of_the_moves_that_have_room_the_one_that_cuts_the_least_traffic_goes_first()
    {
        // vm1 talks to vm2 much, vm2 to vm3 a little: vm3 goes before the others are apart for long.
        var view = Samples.View(
                [Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"))
            .WithTraffic("vm1", "vm2", new Flow(10, 1000))
            .WithTraffic("vm2", "vm3", new Flow(10, 100));
        var problem = new PlacementProblem(view);
        MoveOrder.Find(problem, problem.Seats([Samples.At("b"), Samples.At("b"), Samples.At("b")])).ShouldBe([2, 1, 0]);
    }

    private static int[] Movers(PlacementProblem problem, int[] assignment) =>
        [.. Enumerable.Range(0, assignment.Length).Where(vm => problem.Moves(vm, problem.Seats[assignment[vm]]))];

    private static IEnumerable<ImmutableArray<int>> Orders(int[] movers) => movers.Length == 0
        ? [[]]
        : movers.SelectMany(first => Orders([.. movers.Where(vm => vm != first)]), (first, rest) => rest.Insert(0, first));

    // Counts anew at every step: running VMs only, the mover at both ends.
    private static bool HasRoomThroughout(PlacementProblem problem, int[] assignment, IEnumerable<int> order)
    {
        var now = problem.CurrentSeats.ToArray();
        foreach (var vm in order)
        {
            var occupied = now.Where(seat => seat != PlacementProblem.Nowhere).Append(assignment[vm]).ToArray();
            var seat = problem.Seats[assignment[vm]];
            if (occupied.Count(other => other == seat.Index) > seat.Offer.Available
                || occupied.Count(other => problem.Seats[other].SiteIndex == seat.SiteIndex)
                    > (seat.Site.QuotaFor(problem.View.Application.Tenant)?.Vms ?? int.MaxValue))
            {
                return false;
            }

            now[vm] = assignment[vm];
        }

        return true;
    }

    private static PlacementView ViewOf(int[] room, bool[] byQuota, int[] here, bool[] isNew) => Samples.View(
        Names.Select((name, site) => Samples.Site(name, Samples.Std with { Available = byQuota[site] ? null : room[site] }) with
        {
            Quotas = byQuota[site] ? [new Quota("*", null, null, room[site], null)] : [],
        }),
        [.. here.Select((site, i) => Samples.Vm($"vm{i + 1}", isNew[i] ? null : Names[site]))]);
}
