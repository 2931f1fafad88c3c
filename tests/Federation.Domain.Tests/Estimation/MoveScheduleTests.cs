using Federation.Domain.Estimation;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class MoveScheduleTests
{
    [Fact]
    public void Over_one_link_migrations_go_one_after_the_other()
    {
        var moves = Schedule(Three("a", "a", "a"), "b", "b", "b");
        moves[1].StartSeconds.ShouldBe(moves[0].EndSeconds, 1e-9);
        moves[2].StartSeconds.ShouldBe(moves[1].EndSeconds, 1e-9);
    }

    [Fact]
    public void Over_different_links_they_go_at_once() =>
        Schedule(Three("a", "a", "b"), "b", "c", "c").Select(move => move.StartSeconds).ShouldAllBe(start => start == 0);

    [Fact]
    public void A_sites_limits_on_migrations_hold()
    {
        Schedule(Three("a", "b", "b").WithPolicy("c", policy => policy with { MigrationsIn = 1 }), "c", "c", "b")[1].StartSeconds.ShouldBeGreaterThan(0);
        Schedule(Three("a", "a", "b").WithPolicy("a", policy => policy with { MigrationsOut = 1 }), "b", "c", "b")[1].StartSeconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void More_migrations_may_share_a_link_if_it_is_said_so() =>
        Schedule(Three("a", "a", "a") with { MigrationsPerLink = 2 }, "b", "b", "b").Count(move => move.StartSeconds == 0).ShouldBe(2);

    [Fact]
    public void A_VM_waits_for_room_until_the_one_that_makes_way_has_gone()
    {
        var view = Three("a", "b", "c").WithOffer("b", offer => offer with { Available = 1 });
        var moves = Schedule(view, "b", "c", "c");
        moves.Select(move => move.Leg.Vm).ShouldBe([1, 0]);
        moves[1].StartSeconds.ShouldBe(moves[0].EndSeconds, 1e-9);
    }

    [Fact]
    public void VMs_of_a_group_move_one_after_the_other()
    {
        var view = Samples.View(
            [Samples.Site("a"), Samples.Site("b")], [.. Enumerable.Range(1, 6).Select(i => Samples.Vm($"vm{i}", "a"))]) with
        {
            Groups = [[new("vm1"), new("vm4")], [new("vm2"), new("vm5")], [new("vm3"), new("vm6")]],
        };
        var order = Schedule(view, [.. Enumerable.Repeat("b", 6)]).Select(move => move.Leg.Vm);
        order.ShouldBe([0, 3, 1, 4, 2, 5]);
    }

    private static ScheduledMove[] Schedule(PlacementView view, params string[] target)
    {
        var problem = new PlacementProblem(view);
        var assignment = problem.Seats([.. target.Select(Samples.At)]);
        var order = MoveOrder.Find(problem, assignment).ShouldNotBeNull();
        return [.. MoveSchedule.Of(problem, [.. order.Select(vm => new Leg(vm, problem.CurrentSeats[vm], assignment[vm]))])];
    }

    private static PlacementView Three(params string[] sites) => Samples.View(
        [Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], [.. sites.Select((site, i) => Samples.Vm($"vm{i + 1}", site))]);
}
