using System.Collections.Concurrent;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Model;
using Federation.Planning.Search;
using Federation.Planning.Tests.Reference;
using Federation.Planning.Tests.Worlds;
using CsCheck;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests;

public sealed class SearchSolverTests
{
    [Fact]
    public void Search_finds_what_looking_at_every_placement_finds_or_comes_within_a_twentieth()
    {
        var (regret, feasible) = (0.0, 0);
        foreach (var world in World.Series(200))
        {
            var answer = new LocalSearchSolver().Solve(new(world.View), Given.AmpleTime, TestContext.Current.CancellationToken);
            if (BruteForce.Best(world.View) is not { } best)
            {
                answer.Status.ShouldBeOneOf(PlanStatus.Infeasible, PlanStatus.Unknown);
                continue;
            }

            answer.Assignment.ShouldNotBeEmpty(world.ToString());
            var value = ValueOf(world, answer)[0];
            var worse = BruteForce.Same(value, best[0]) ? 0 : (value - best[0]) / Math.Max(best[0], 1e-9);
            worse.ShouldBeLessThanOrEqualTo(0.05, world.ToString());
            (regret, feasible) = (regret + worse, feasible + 1);
        }

        feasible.ShouldBeGreaterThan(50);
        (regret / feasible).ShouldBeLessThanOrEqualTo(0.01);
    }

    [Theory]
    [InlineData(Solvers.Auto)]
    [InlineData(Solvers.Search)]
    public void Every_answer_holds_all_constraints_and_is_never_worse_than_staying(string solver) =>
        World.Medium.Where(world => world.Vms <= 8).Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var answer = Solvers.Named(solver)!.Solve(problem, new() { TimeLimit = TimeSpan.FromSeconds(1) }, TestContext.Current.CancellationToken);
                IsSound(world, problem, answer);
            },
            iter: 200);

    // The clock says at once that the time is over: what is left is to look at staying.
    [Theory]
    [InlineData(Solvers.Auto)]
    [InlineData(Solvers.Search)]
    [InlineData(Solvers.Exact)]
    public void With_no_time_at_all_the_answer_is_sound_and_infeasible_only_if_that_is_so(string solver) =>
        World.Small.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var answer = Solvers.Named(solver)!.Solve(problem, new() { TimeLimit = TimeSpan.FromTicks(1) }, TestContext.Current.CancellationToken);
                IsSound(world, problem, answer);
                if (answer.Status == PlanStatus.Infeasible)
                {
                    BruteForce.Best(world.View).ShouldBeNull();
                }
            },
            iter: 300);

    [Fact]
    public void The_same_seed_gives_the_same_placement_on_any_number_of_threads() =>
        World.Medium.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var options = Given.AmpleTime with { Seed = world.Seed };
                var solver = new LocalSearchSolver(effort: 0.3);
                var one = solver.Solve(problem, options, TestContext.Current.CancellationToken);
                var other = solver.Solve(new(world.View), options with { Threads = 1 }, TestContext.Current.CancellationToken);
                other.Assignment.ShouldBe(one.Assignment);
                other.ShouldBe(one with { Assignment = other.Assignment });
            },
            iter: 100);

    [Fact]
    public void A_search_that_ends_at_the_bound_finds_what_it_would_find_by_going_on()
    {
        var met = 0;
        World.Medium.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                var options = Given.AmpleTime with { Seed = world.Seed, Threads = 1 };
                var ended = new LocalSearchSolver(effort: 0.1).Solve(problem, options, TestContext.Current.CancellationToken);
                if (ended.Assignment.IsEmpty)
                {
                    return;
                }

                var incumbent = new Incumbent(problem);
                LocalSearchSolver.Search(
                    new(problem), incumbent, options, new(TimeProvider.System, options.TimeLimit, TestContext.Current.CancellationToken), effort: 0.1);
                ended.Assignment.ShouldBe(incumbent.Best!.Assignment);
                met += ended.Status == PlanStatus.Optimal ? 1 : 0;
            },
            iter: 100,
            threads: 1);
        met.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(Solvers.Search)]
    [InlineData(Solvers.Exact)]
    public void With_one_thread_all_is_done_on_the_callers_own(string solver)
    {
        var problem = new PlacementProblem(new World(Vms: 13, Sites: 3, Seed: 28).View);
        var clock = new ThreadsClock();
        var answer = Solvers.Named(solver, clock)!.Solve(problem, Given.AmpleTime with { Threads = 1 }, TestContext.Current.CancellationToken);

        answer.Assignment.ShouldNotBeEmpty();
        clock.Threads.Keys.ShouldBe([Environment.CurrentManagedThreadId]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_placement_of_hundreds_of_VMs()
    {
        var solver = new LocalSearchSolver(effort: 0.05);
        var found = 0;
        foreach (var view in Enumerable.Range(0, 100).Select(seed => new World(Vms: 200, Sites: 6, seed).View))
        {
            var one = solver.Solve(new(view), Given.AmpleTime, TestContext.Current.CancellationToken);
            solver.Solve(new(view), Given.AmpleTime, TestContext.Current.CancellationToken).Assignment.ShouldBe(one.Assignment);
            found += one.Assignment.IsEmpty ? 0 : 1;
        }

        found.ShouldBeGreaterThan(0);
    }

    private static void IsSound(World world, PlacementProblem problem, SolverAnswer answer)
    {
        (answer.Status is PlanStatus.Infeasible or PlanStatus.Unknown).ShouldBe(answer.Assignment.IsEmpty);
        var staying = problem.IsPlaced ? problem.Locations(problem.CurrentSeats) : default;
        var canStay = problem.IsPlaced && world.View.Application.Vms.All(vm => ReferenceRules.CouldBe(world.View, vm, vm.At!.Value))
            && ReferenceRules.Broken(world.View, staying) is null;
        if (answer.Assignment.IsEmpty)
        {
            canStay.ShouldBeFalse();
            return;
        }

        ReferenceRules.Broken(world.View, problem.Locations(answer.Assignment)).ShouldBeNull();
        if (canStay)
        {
            var stay = new ReferencePlacement(world.View, staying).Terms().Value(world.View.Application.Objective);
            BruteForce.IsBetter(stay, ValueOf(world, answer)).ShouldBeFalse("staying is better");
        }
    }

    private static double[] ValueOf(World world, SolverAnswer answer) =>
        new ReferencePlacement(world.View, new PlacementProblem(world.View).Locations(answer.Assignment)).Terms()
            .Value(world.View.Application.Objective);

    /// <summary>Notes who looks at the time: each part of a search does, again and again.</summary>
    private sealed class ThreadsClock : TimeProvider
    {
        public ConcurrentDictionary<int, bool> Threads { get; } = new();

        public override long GetTimestamp()
        {
            Threads[Environment.CurrentManagedThreadId] = true;
            return base.GetTimestamp();
        }
    }
}
