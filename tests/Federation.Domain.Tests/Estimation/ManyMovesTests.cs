using CsCheck;
using Federation.Domain.Estimation;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>Orders of more moves than are searched one by one.</summary>
public sealed class ManyMovesTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    [Fact]
    public void An_order_has_room_at_every_step_and_every_VM_once()
    {
        var found = 0;
        Crowds.Sample(
            crowd =>
            {
                var problem = new PlacementProblem(crowd.View);
                var assignment = problem.Seats([.. crowd.Target.Select(site => Samples.At(Names[site]))]);
                if (MoveOrder.Find(problem, assignment) is { } order)
                {
                    Interlocked.Increment(ref found);
                    order.Order().ShouldBe(Enumerable.Range(0, assignment.Length).Where(vm => problem.CurrentSeats[vm] != assignment[vm]));
                    Walk(crowd, order).ShouldBeTrue();
                }
            },
            iter: 300);
        found.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void A_chain_of_full_sites_with_one_free_place_is_untied()
    {
        // Thirty VMs at each of three full sites go one site on, around; only the last site has one place to spare.
        var here = Enumerable.Range(0, 90).Select(i => i / 30).ToArray();
        var there = here.Select(site => (site + 1) % 3).ToArray();
        var crowd = new Crowd(here, there, [30, 30, 31, 0]);
        var problem = new PlacementProblem(crowd.View);
        var order = MoveOrder.Find(problem, problem.Seats([.. there.Select(site => Samples.At(Names[site]))])).ShouldNotBeNull();
        order.Length.ShouldBe(90);
        Walk(crowd, order).ShouldBeTrue();
    }

    [Fact]
    public void Around_full_sites_there_is_no_order()
    {
        var here = Enumerable.Range(0, 90).Select(i => i / 30).ToArray();
        var crowd = new Crowd(here, [.. here.Select(site => (site + 1) % 3)], [30, 30, 30, 0]);
        var problem = new PlacementProblem(crowd.View);
        MoveOrder.Find(problem, problem.Seats([.. crowd.Target.Select(site => Samples.At(Names[site]))])).ShouldBeNull();
    }

    private static readonly Gen<Crowd> Crowds =
        from count in Gen.Int[21, 60]
        from here in Gen.Int[0, 3].Array[count]
        from there in Gen.Int[0, 3].Array[count]
        from spare in Gen.Int[0, 2].Array[Names.Length]
        select new Crowd(here, there, [.. Names.Select((_, site) => Math.Max(here.Count(at => at == site), there.Count(at => at == site)) + spare[site])]);

    private static bool Walk(Crowd crowd, IEnumerable<int> order)
    {
        var now = crowd.Here.ToArray();
        foreach (var vm in order)
        {
            if (now.Count(site => site == crowd.Target[vm]) + 1 > crowd.Room[crowd.Target[vm]])
            {
                return false;
            }

            now[vm] = crowd.Target[vm];
        }

        return true;
    }

    private sealed record Crowd(int[] Here, int[] Target, int[] Room)
    {
        public PlacementView View { get; } = Samples.View(
            Names.Select((name, site) => Samples.Site(name, Samples.Std with { Available = Room[site] })),
            [.. Here.Select((site, i) => Samples.Vm($"vm{i + 1}", Names[site]))]);
    }
}
