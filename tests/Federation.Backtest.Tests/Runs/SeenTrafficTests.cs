using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Backtest.Tests.Runs;

public sealed class SeenTrafficTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly World world = new(Shipped.Week(seed: 1, applications: 10));
    private readonly RunningApplication running;
    private readonly SimulatedApplication simulated;
    private readonly Pace pace;

    public SeenTrafficTests()
    {
        simulated = world.Applications.First(application => application.Phases.Length == 3 && application.Work > 2 * application.Phases[0].Seconds);
        (pace, running) = (new(world), new(0, simulated, new(world)));
        var site = world.Sites.First(site => site.Offers.Any(offer => offer.Vcpus >= 2));
        var at = new Location(site.Id, site.Offers.First(offer => offer.Vcpus >= 2).Name);
        running.Start([.. simulated.Spec.Vms.Select(_ => at)], simulated.Arrival, pace);
    }

    [Fact]
    public void Before_anything_was_said_it_is_the_phase_that_it_is_in() => running.Seen(simulated.Arrival, Day).ShouldBe(simulated.Phases[0]);

    [Fact]
    public void Without_memory_it_is_the_phase_that_it_is_in()
    {
        running.Seen(WorkedInto(phase: 1), TimeSpan.Zero).ShouldBe(simulated.Phases[1]);
    }

    [Fact]
    public void Over_a_time_it_is_the_mean_of_what_was_said_in_it()
    {
        var now = WorkedInto(phase: 1);
        var (first, second) = (simulated.Phases[0], simulated.Phases[1]);
        var share = first.Seconds / (first.Seconds + (second.Seconds / 2));

        var seen = running.Seen(now, 10 * Day);

        BytesOf(seen).ShouldBe((share * BytesOf(first)) + ((1 - share) * BytesOf(second)), 0.001 * BytesOf(first));
        seen.Groups.ShouldBe(first.Groups);
        running.Seen(now, TimeSpan.FromMinutes(1)).ShouldBe(second);
    }

    // Half of a phase later than it began.
    private DateTimeOffset WorkedInto(int phase)
    {
        var now = running.NextChange(simulated.Arrival)!.Value;
        running.Advance(now, pace);
        now += (running.NextChange(now)!.Value - now) / 2;
        running.Advance(now, pace);
        running.Seen(now, TimeSpan.Zero).ShouldBe(simulated.Phases[phase]);
        return now;
    }

    private static double BytesOf(SimulatedPhase phase) => phase.Traffic.Pairs.Values.Sum(flow => flow.Bytes) / phase.Traffic.Period.TotalSeconds;
}
