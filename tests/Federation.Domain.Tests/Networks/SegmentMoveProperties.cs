using CsCheck;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

/// <summary>Moves to and fro while messages are late and copies are lost, in any order.</summary>
public sealed class SegmentMoveProperties
{
    private static readonly Gen<(int Hosts, int[] Acts)> Runs = Gen.Select(Gen.Int[2, 3], Gen.Int[0, 999_999].Array[1, 120]);

    [Fact]
    public void Hosts_never_send_the_frames_of_one_VM_round_in_a_circle() => Runs.Sample(run =>
    {
        var world = new SegmentWorld(run.Hosts);
        foreach (var act in run.Acts)
        {
            world.Do(act);
            world.Circle().ShouldBeNull(world.Story);
        }
    }, iter: 10_000);

    [Fact]
    public void Once_all_is_quiet_frames_from_every_host_arrive_at_the_copy_that_runs_and_nobody_sends_on() => Runs.Sample(run =>
    {
        var world = new SegmentWorld(run.Hosts);
        foreach (var act in run.Acts)
        {
            world.Do(act);
        }

        world.Settle();
        world.Circle().ShouldBeNull(world.Story);
        world.Lost().ShouldBeNull(world.Story);
        world.Leftover().ShouldBeNull(world.Story);
    }, iter: 10_000);

    [Fact]
    public void Runs_get_as_far_as_moves_that_end_and_moves_that_are_taken_back()
    {
        var (moved, back) = (0, 0);
        Runs.Sample(run =>
        {
            var world = new SegmentWorld(run.Hosts);
            foreach (var act in run.Acts)
            {
                world.Do(act);
            }

            Interlocked.Add(ref moved, world.Moved);
            Interlocked.Add(ref back, world.TakenBack);
        }, iter: 5_000);
        moved.ShouldBeGreaterThan(100);
        back.ShouldBeGreaterThan(100);
    }
}
