using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Migration;

/// <summary>Goes through every state that two ends, their links and a migration can come to, whatever is lost and whenever.</summary>
public sealed class SwitchTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly VmRef Vm = new(AppId.Parse("astro/cg.1"), new("vm1"));
    private static readonly MigrationId Id = MigrationId.Parse("astro/cg.1.1.1");
    private static readonly SwitchTable Table = new(TimeSpan.FromSeconds(30));

    private static readonly Lazy<HashSet<World>> Reachable = new(Explore);

    [Fact]
    public void Whatever_is_lost_and_whenever_no_VM_runs_twice()
    {
        Reachable.Value.Count.ShouldBeGreaterThan(500);
        Reachable.Value.ShouldAllBe(world => !(world.Source == GuestState.Running && world.Destination == GuestState.Running));
    }

    [Fact]
    public void Once_all_is_heard_or_fenced_a_migration_ends_with_one_copy_that_runs_or_with_none_if_no_complete_one_was_left()
    {
        foreach (var world in Reachable.Value.Where(world => !world.HasEnded))
        {
            // Once it has lived elsewhere, what is left at its source is old: a VM that is lost then is lost as any that runs.
            var hadComplete = world.Destination is GuestState.Received or GuestState.Running || (world.Source is not null && world.Phase != MigrationPhase.UpdateNetwork);
            var end = Undisturbed(world with { SourceHeard = true, DestinationHeard = true });
            end.HasEnded.ShouldBeTrue($"{world} stays at {end}");
            var runs = (end.Source == GuestState.Running ? 1 : 0) + (end.Destination == GuestState.Running ? 1 : 0);
            runs.ShouldBe(hadComplete ? 1 : 0, $"{world} ends as {end}");
            if (end.Phase == MigrationPhase.Done)
            {
                end.Source.ShouldBeNull($"{world} ends as {end}");
            }
            else
            {
                end.Destination.ShouldBeNull($"{world} ends as {end}");
            }
        }
    }

    [Fact]
    public void A_copy_runs_only_where_the_VM_is_noted_to_be() =>
        Reachable.Value.Where(world => world.Destination == GuestState.Running).ShouldAllBe(world => world.WasOwnedThere);

    [Fact]
    public void A_silent_source_at_the_end_of_the_copy_is_waited_for_until_it_is_fenced_or_answers()
    {
        var state = State(MigrationPhase.StopAndCopy) with { Order = Order with { FromHost = "h1", ToHost = "h2" } };
        var look = new MigrationLook(EndLook.Unheard, Seen(GuestState.Received));
        var turn = Table.Next(state, look, TimeSpan.FromDays(1), Now);
        (turn.State.Phase, turn.Act).ShouldBe((MigrationPhase.StopAndCopy, MigrationAct.Wait));
        RefusalText.Of(turn.State.WaitsFor!).ShouldBe("paused, waits for fencing of host h1 of a, or until it answers: 'fedctl host fence h1 --site a'");
        Table.Next(state, look with { Source = EndLook.Fenced }, TimeSpan.Zero, Now).State.Phase.ShouldBe(MigrationPhase.Redirect);
    }

    [Theory]
    [InlineData(MigrationPhase.PreCopy, MigrationPhase.RollBack)]
    [InlineData(MigrationPhase.StopAndCopy, MigrationPhase.RollBack)]
    [InlineData(MigrationPhase.Activate, MigrationPhase.Activate)]
    public void A_migration_is_taken_back_on_request_until_its_VM_is_told_to_run_elsewhere(MigrationPhase phase, MigrationPhase next)
    {
        var look = new MigrationLook(Seen(phase == MigrationPhase.PreCopy ? GuestState.Running : GuestState.Sent), Seen(GuestState.Received));
        Table.Next(State(phase) with { CancelledBy = "alice" }, look, TimeSpan.Zero, Now).State.Phase.ShouldBe(next);
    }

    private static MigrationOrder Order { get; } = new(Id, Vm, new(new("a"), "std"), new(new("b"), "std"), Epoch: 2, DurationSeconds: 1, DowntimeSeconds: 0.1);

    private static MigrationState State(MigrationPhase phase, MigrationPhase? failedIn = null) =>
        new(Order, Id.Plan, CoreHours: 1, phase, Now) { FailedIn = failedIn };

    private static EndLook Seen(GuestState? state) => EndLook.Of(state is { } known ? new GuestSighting(Vm, known) : null);

    private static HashSet<World> Explore()
    {
        var seen = new HashSet<World>();
        var left = new Stack<World>([new World(MigrationPhase.PreCopy, null, GuestState.Running, GuestState.Receiving)]);
        while (left.TryPop(out var world))
        {
            if (seen.Add(world))
            {
                foreach (var next in Turns(world, isStuck: false).Concat(Turns(world, isStuck: true)).Concat(world.Disturbed()).Concat(world.OnItsWay()))
                {
                    left.Push(next);
                }
            }
        }

        return seen;
    }

    // What the table has done, the order being done, lost, or done as far as its record only.
    private static IEnumerable<World> Turns(World world, bool isStuck)
    {
        if (world.HasEnded)
        {
            return [];
        }

        if (world.Phase is MigrationPhase.Redirect or MigrationPhase.UpdateNetwork)
        {
            return world.Pass();
        }

        var turn = Table.Next(State(world.Phase, world.FailedIn), world.Look, isStuck ? TimeSpan.FromMinutes(1) : TimeSpan.Zero, Now);
        return (world with { Phase = turn.State.Phase, FailedIn = turn.State.FailedIn }).Do(turn.Act);
    }

    // All that is under way comes to its end, nothing more is lost, and what has not changed for long is noticed.
    private static World Undisturbed(World world)
    {
        for (var step = 0; step < 60 && !world.HasEnded; step++)
        {
            var next = Turns(world, isStuck: false).Last();
            world = next != world ? next : world.OnItsWay().FirstOrDefault() ?? Turns(world, isStuck: true).Last();
        }

        return world;
    }

    /// <summary>Both ends, their links, and how far the migration is.</summary>
    private sealed record World(MigrationPhase Phase, MigrationPhase? FailedIn, GuestState? Source, GuestState? Destination)
    {
        public bool SourceHeard { get; init; } = true;

        public bool DestinationHeard { get; init; } = true;

        public bool SourceFenced { get; init; }

        public bool DestinationFenced { get; init; }

        public bool WasOwnedThere { get; init; }

        public bool HasEnded => Phase is MigrationPhase.Done or MigrationPhase.RolledBack;

        public MigrationLook Look => new(
            SourceFenced ? EndLook.Fenced : SourceHeard ? Seen(Source) : EndLook.Unheard,
            DestinationFenced ? EndLook.Fenced : DestinationHeard ? Seen(Destination) : EndLook.Unheard);

        /// <summary>Either hypervisor is killed, either host fenced, either link cut or healed.</summary>
        public IEnumerable<World> Disturbed() =>
        [
            this with { Source = null }, this with { Destination = null },
            this with { Source = null, SourceFenced = true }, this with { Destination = null, DestinationFenced = true },
            this with { SourceHeard = !SourceHeard }, this with { DestinationHeard = !DestinationHeard },
        ];

        /// <summary>What the two hypervisors do by themselves. The first is what they do undisturbed.</summary>
        public IEnumerable<World> OnItsWay()
        {
            if (Source == GuestState.Running && Destination == GuestState.Receiving && Phase == MigrationPhase.PreCopy)
            {
                yield return this with { Source = GuestState.AtSwitch };
            }

            if (Source == GuestState.Sending && Destination == GuestState.Receiving)
            {
                yield return this with { Destination = GuestState.Received };
            }

            if (Source == GuestState.Sending && Destination == GuestState.Received)
            {
                yield return this with { Source = GuestState.Sent };
            }

            if (Source == GuestState.Sending)
            {
                // Its way back fails: it goes on by itself, whatever the destination has by then.
                yield return this with { Source = GuestState.Running };
            }

            if (Destination == GuestState.Receiving)
            {
                yield return this with { Destination = null };
            }
        }

        public IEnumerable<World> Do(MigrationAct act) => act switch
        {
            MigrationAct.Look or MigrationAct.Wait => [this],
            MigrationAct.Switch => [this, Source == GuestState.AtSwitch ? this with { Source = GuestState.Sending } : this],
            MigrationAct.RunThere => [Owned, Destination == GuestState.Received ? Owned with { Destination = GuestState.Running } : Owned, .. Lives()],
            MigrationAct.StopThere => [this, this with { Destination = null }],
            MigrationAct.RunHere => [this, this with { Source = GuestState.Running }],
            MigrationAct.ClearThere => [this, this with { Destination = null }],
            MigrationAct.GiveUp => [this, this with { Source = null, Destination = null, Phase = MigrationPhase.RolledBack }],
            _ => [this, this with { Phase = MigrationPhase.RolledBack }],
        };

        // From one phase that needs no decision to the next. What is cleared at the source runs no more.
        public IEnumerable<World> Pass() => Phase == MigrationPhase.Redirect ? [this with { Phase = MigrationPhase.Activate }]
            : SourceHeard || SourceFenced ? [this, this with { Source = null, Phase = MigrationPhase.Done }]
            : [this];

        private World Owned => this with { WasOwnedThere = true };

        // It lives there, or it does not and is taken back while the source has all of it.
        private IEnumerable<World> Lives() => Destination != GuestState.Running ? []
            : Source == GuestState.Sent ? [this with { Phase = MigrationPhase.RollBack, FailedIn = MigrationPhase.Activate }, this with { Phase = MigrationPhase.UpdateNetwork }]
            : [this with { Phase = MigrationPhase.UpdateNetwork }];
    }
}
