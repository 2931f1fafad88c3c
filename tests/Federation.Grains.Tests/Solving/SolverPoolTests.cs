using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Grains.Solving;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests.Solving;

/// <summary>The threads of a silo's solvers.</summary>
public sealed class SolverPoolTests : IDisposable
{
    private static readonly TenantId A = new("a");
    private static readonly TenantId B = new("b");

    private readonly FakeTimeProvider clock = new();
    private readonly SolverPool pool;

    public SolverPoolTests() => pool = new(Options.Create(new SolvingOptions { Workers = 1, WaitingPerTenant = 2 }), clock, NullLogger<SolverPool>.Instance);

    public void Dispose() => pool.Dispose();

    [Fact]
    public async Task A_solve_runs_on_a_thread_of_its_own_that_the_system_serves_after_those_that_answer_calls()
    {
        using var place = pool.Ask(A, SolveKind.Asked);
        await place.Turn;

        var (nice, isPools, child) = await place.Run(() =>
        {
            // As a thread that a solver starts by itself.
            var nice = 0;
            var native = new Thread(() => nice = Nice());
            native.Start();
            native.Join();
            return (Nice(), Thread.CurrentThread.IsThreadPoolThread, nice);
        });

        isPools.ShouldBeFalse();
        nice.ShouldBe(Math.Min(Nice() + LowPriority.Niceness, 19));
        child.ShouldBe(nice);
    }

    [Fact]
    public async Task A_solve_whose_slice_is_over_goes_on_behind_while_another_tenant_waits()
    {
        using var slow = pool.Ask(A, SolveKind.Asked);
        await slow.Turn;
        var (started, goOn) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var solving = slow.Run(() =>
        {
            started.SetResult();
            goOn.Wait();
            return Nice();
        });
        await started.Task;

        using var quick = pool.Ask(B, SolveKind.Asked);
        quick.Turn.IsCompleted.ShouldBeFalse();
        clock.Advance(new SolvingOptions().Slice);
        await quick.Turn;

        goOn.Set();
        (await solving).ShouldBe(Math.Min(Nice() + SolverThread.NicenessBehind, 19));
        (await quick.Run(Nice)).ShouldBe(Math.Min(Nice() + LowPriority.Niceness, 19));
    }

    [Fact]
    public async Task Whoever_gives_up_its_place_makes_way_for_the_next_whether_it_waits_or_has_its_turn()
    {
        var first = pool.Ask(A, SolveKind.Asked);
        var second = pool.Ask(A, SolveKind.Asked);
        var third = pool.Ask(A, SolveKind.Asked);
        third.Progress.ShouldBe(new SolverProgress(1, null));

        second.Dispose();
        third.Progress.Before.ShouldBe(0);
        first.Dispose();
        await third.Turn;
        first.Dispose();
        third.Progress.Since.ShouldBe(clock.GetUtcNow());
        third.Dispose();

        using var fourth = pool.Ask(A, SolveKind.Asked);
        await fourth.Turn;
    }

    [Fact]
    public void What_is_beyond_the_bound_is_refused_unless_it_was_taken_before()
    {
        SolverPlace[] taken = [.. Enumerable.Range(0, 3).Select(_ => pool.Ask(A, SolveKind.Asked))];
        taken.ShouldAllBe(place => place.Refusal == null);

        pool.Ask(A, SolveKind.Asked).Refusal!.Code.ShouldBe(RefusalCode.PlansOfTenantWaiting);
        pool.Ask(A, SolveKind.Asked, again: true).Refusal.ShouldBeNull();
        pool.Ask(B, SolveKind.Asked).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_solve_that_fails_or_is_cancelled_says_so_to_whoever_waits_for_it()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Should.ThrowAsync<FormatException>(() => Solve(() => throw new FormatException()));
        await Should.ThrowAsync<OperationCanceledException>(() => Solve(() => throw new OperationCanceledException(given.Token)));
        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            using var place = pool.Ask(A, SolveKind.Asked);
            await place.Turn;
            await place.Run(() => 1);
            await place.Run(() => 2);
        });
    }

    [Fact]
    public async Task A_worker_is_not_free_before_its_solve_has_ended_though_nobody_waits_for_it()
    {
        using var goOn = new ManualResetEventSlim();
        var left = pool.Ask(A, SolveKind.Asked);
        await left.Turn;
        var solving = left.Run(() => goOn.Wait(TimeSpan.FromMinutes(1)));
        left.Dispose();

        using var next = pool.Ask(A, SolveKind.Asked);
        next.Progress.Since.ShouldBeNull();
        pool.Load.ShouldBe(new(1, 0, 1));
        goOn.Set();
        (await solving).ShouldBeTrue();
        await next.Turn;
    }

    private async Task Solve(Func<int> solve)
    {
        using var place = pool.Ask(A, SolveKind.Asked);
        await place.Turn;
        await place.Run(solve);
    }

    // The fields after the name, which stands in brackets; niceness is the 19th of all.
    private static int Nice() => int.Parse(OwnStat().Split(") ")[^1].Split(' ')[16], CultureInfo.InvariantCulture);

    private static string OwnStat() => File.ReadAllText("/proc/thread-self/stat");
}
