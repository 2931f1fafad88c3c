using CsCheck;
using Federation.Domain.Estimation;
using Federation.Planning.Live;
using Federation.Planning.Model;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Live;

public sealed class StuckMovesTests
{
    [Fact]
    public void No_fewer_are_stuck_than_in_the_best_order_and_no_more_than_in_the_worst()
    {
        var (stuckInAll, stuckInSome) = (0, 0);
        World.Medium.Sample(
            world => Sample(world, (problem, assignment, counted) =>
            {
                var (least, most) = new EveryOrder(problem, assignment).Stuck();
                counted.ShouldBeInRange(least, most);
                Interlocked.Add(ref stuckInAll, least > 0 ? 1 : 0);
                Interlocked.Add(ref stuckInSome, least < most ? 1 : 0);
            }),
            iter: 1_000);
        stuckInAll.ShouldBeGreaterThan(50);
        stuckInSome.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Where_none_is_stuck_there_is_an_order_of_moves() =>
        World.Medium.Sample(
            world => Sample(world, (problem, assignment, counted) =>
            {
                if (counted == 0)
                {
                    MoveOrder.Find(problem, assignment).ShouldNotBeNull();
                }
            }),
            iter: 1_000);

    // One counter counts many placements: each as if it were the first.
    private static void Sample(World world, Action<PlacementProblem, int[], int> check)
    {
        var problem = new PlacementProblem(world.View);
        if (problem.Candidates.Any(seats => seats.IsEmpty) || problem.CurrentSeats.All(seat => seat == PlacementProblem.Nowhere))
        {
            return;
        }

        var (model, random) = (new CostModel(problem), new Random(world.Seed));
        var stuck = new StuckMoves(model, isScarce: true);
        stuck.Counts.ShouldBeTrue();
        for (var i = 0; i < 8; i++)
        {
            int[] assignment = [.. model.Candidates.Select(seats => seats[random.Next(seats.Length)])];
            var vm = random.Next(model.VmCount);
            var seat = assignment[vm];
            assignment[vm] = model.Candidates[vm][random.Next(model.Candidates[vm].Length)];
            var counted = stuck.After(assignment, vm, seat);
            assignment[vm] = seat;
            check(problem, assignment, counted);
        }
    }

    /// <summary>Makes the moves in every order, each as long as any has room, and counts from nothing what is taken.</summary>
    private sealed class EveryOrder(PlacementProblem problem, int[] assignment)
    {
        private readonly int[] moving = [.. Enumerable.Range(0, assignment.Length).Where(vm => problem.Moves(vm, problem.Seats[assignment[vm]]))];
        private readonly HashSet<int> seen = [];
        private int least = int.MaxValue;
        private int most = int.MinValue;

        public (int Least, int Most) Stuck()
        {
            Look(0);
            return (least, most);
        }

        private void Look(int made)
        {
            if (!seen.Add(made))
            {
                return;
            }

            var able = Enumerable.Range(0, moving.Length).Where(i => (made & (1 << i)) == 0 && HasRoom(made, assignment[moving[i]])).ToList();
            foreach (var i in able)
            {
                Look(made | (1 << i));
            }

            if (able.Count == 0)
            {
                var left = moving.Length - int.PopCount(made);
                (least, most) = (Math.Min(least, left), Math.Max(most, left));
            }
        }

        private bool HasRoom(int made, int seat)
        {
            var wanted = problem.Seats[seat];
            List<Seat> taken = [wanted];
            for (var vm = 0; vm < assignment.Length; vm++)
            {
                var isMade = Array.IndexOf(moving, vm) is var i and >= 0 && (made & (1 << i)) != 0;
                if (problem.CurrentSeats[vm] is var home && home != PlacementProblem.Nowhere)
                {
                    taken.Add(problem.Seats[isMade ? assignment[vm] : home]);
                }
            }

            var atSite = taken.Where(other => other.SiteIndex == wanted.SiteIndex).ToList();
            var now = problem.CurrentSeats.Where(at => at != PlacementProblem.Nowhere).Select(at => problem.Seats[at])
                .Where(at => at.SiteIndex == wanted.SiteIndex).ToList();
            var (quota, usable) = (wanted.Site.QuotaFor(problem.View.Application.Tenant), wanted.Site.Capacity?.Usable);
            var (own, all) = (problem.View.UsedByOthers.GetValueOrDefault(wanted.Site.Id), problem.View.UsedByAllOthers.GetValueOrDefault(wanted.Site.Id));
            return !(atSite.Count(other => other.Index == seat) > wanted.Offer.Available)
                && (!Above(_ => 1) || !(atSite.Count + own.Vms > quota?.Vms || atSite.Count + all.Vms > usable?.Vms))
                && (!Above(other => other.Offer.Vcpus) || !(Sum(other => other.Offer.Vcpus) + own.Vcpus > quota?.Vcpus
                    || Sum(other => other.Offer.Vcpus) + all.Vcpus > usable?.Vcpus))
                && (!Above(other => other.Offer.MemoryBytes) || !(Sum(other => other.Offer.MemoryBytes) + own.MemoryBytes > quota?.MemoryBytes
                    || Sum(other => other.Offer.MemoryBytes) + all.MemoryBytes > usable?.MemoryBytes));

            long Sum(Func<Seat, long> amount) => atSite.Sum(amount);

            bool Above(Func<Seat, long> amount) => Sum(amount) > now.Sum(amount);
        }
    }
}
