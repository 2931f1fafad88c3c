using CsCheck;
using Federation.Domain.Networks;
using Federation.Host.Paths;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Paths;

public sealed class PathStateTests
{
    private const double Above = 125_000;
    private const int WindowSeconds = 30;

    private static readonly bool[] Both = [true, true];
    private static readonly bool[] First = [true, false];
    private static readonly VtepId[] Relays = [new(new("a"), "r1"), new(new("b"), "r2")];

    // What a second has: which relays are heard here and there, whether the direct path is alive, and what goes.
    private static readonly Gen<(bool[] Here, bool[] There, bool IsDirectLive, double Rate)> Second = Gen.Select(
        Gen.Bool.Array[2], Gen.Bool.Array[2], Gen.Bool, Gen.OneOf(Gen.Double[0, Above / 4], Gen.Double[Above / 4, Above], Gen.Double[Above, Above * 10]));

    // Stretches of the same: what changes every second shows little of what lasts.
    private static readonly Gen<(int Seconds, (bool[] Here, bool[] There, bool IsDirectLive, double Rate) What)[]> Story = Gen.Select(Gen.Int[1, 150], Second).Array[1, 30];

    [Fact]
    public void No_dead_path_is_taken_while_a_living_one_is_known()
    {
        Gen.Select(Gen.Bool, Gen.Bool, Story).Sample((isStar, isRequired, story) => Tell(isStar, isRequired, story, (_, next, view, _) =>
        {
            var usable = view.Relays.Where(relay => relay.IsUsable).Select(relay => relay.Id).ToList();
            var isLive = next.Kind switch
            {
                PathKind.Direct => view.Direct.LiveFor is not null,
                PathKind.Relay => usable.Contains(next.Relay!.Value),
                _ => false,
            };
            (isLive || (usable.Count == 0 && !(view.Direct.IsMet && view.Direct.LiveFor is not null))).ShouldBeTrue($"{next} of {view}");
            (next.Kind == PathKind.Relay).ShouldBe(next.Relay is not null);
            isRequired.ShouldBe(isRequired && next.Kind != PathKind.Plain);
        }));
    }

    [Fact]
    public void A_star_link_whose_relay_works_turns_no_faster_than_its_windows_say()
    {
        Gen.Select(Gen.Bool, Story).Sample((isRequired, story) =>
        {
            var turnedAt = 0;
            Tell(isStar: true, isRequired, [.. story.Select(part => (part.Seconds, (Both, Both, true, part.What.Rate)))], (before, next, _, second) =>
            {
                if (before.Kind != PathKind.None && (before.Kind, before.Relay) != (next.Kind, next.Relay))
                {
                    // Going there takes a proof besides, which is not a part of the windows that lead back.
                    (second - turnedAt).ShouldBeGreaterThanOrEqualTo(next.Kind == PathKind.Direct ? Demand.Rises * WindowSeconds : (Demand.Falls * WindowSeconds) - 10);
                    turnedAt = second;
                }
            });
        });
    }

    [Fact]
    public void A_direct_path_that_went_silent_is_taken_again_only_once_it_has_lived_for_long()
    {
        Gen.Select(Gen.Bool, Story).Sample((isStar, story) =>
        {
            var hasFailed = false;
            Tell(isStar, isRequired: true, [.. story.Select(part => (part.Seconds, (First, Both, part.What.IsDirectLive, Above * 2)))], (before, next, view, _) =>
            {
                hasFailed |= before.Kind == PathKind.Direct && next.Kind == PathKind.Relay;
                if (before.Kind == PathKind.Relay && next.Kind == PathKind.Direct)
                {
                    view.Direct.LiveFor.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(hasFailed ? PathState.ProofAgain : PathState.Proof);
                    hasFailed = false;
                }
            });
        });
    }

    [Fact]
    public void A_host_receives_directly_for_as_long_as_the_other_may_send_so()
    {
        // The other one hears nothing once this one keeps the path alive no more, and has left it by then.
        Gen.Select(Gen.Bool, Story).Sample((isRequired, story) =>
        {
            var keptAt = -1;
            Tell(isStar: true, isRequired, story, (_, next, _, second) =>
            {
                keptAt = next.KeepsDirect ? second : keptAt;
                next.ReceivesDirect(TimeSpan.FromSeconds(second)).ShouldBe(keptAt >= 0 && (keptAt == second || second - keptAt < PathState.Hold.TotalSeconds));
                (next.Kind != PathKind.Direct || next.KeepsDirect).ShouldBeTrue();
            });
        });
    }

    [Theory]
    [InlineData(true, 0.0, true, false, PathKind.Relay, PathReason.Star)]
    [InlineData(true, 2.0, true, true, PathKind.Direct, PathReason.Busy)]
    [InlineData(true, 2.0, true, false, PathKind.Relay, PathReason.BusyNotMet)]
    [InlineData(true, 0.0, false, true, PathKind.Direct, PathReason.NoRelay)]
    [InlineData(true, 0.0, false, false, PathKind.None, PathReason.NoRelay)]
    [InlineData(false, 0.0, false, false, PathKind.None, PathReason.NotMet)]
    [InlineData(false, 0.0, true, true, PathKind.Direct, PathReason.Met)]
    [InlineData(false, 0.0, true, false, PathKind.Relay, PathReason.NotMet)]
    public void A_path_that_lasts_says_why(bool isStar, double part, bool isRelayHeard, bool isDirectLive, PathKind kind, PathReason why)
    {
        var last = Tell(isStar, isRequired: true, [(200, ([isRelayHeard, false], [true, true], isDirectLive, part * Above))], (_, _, _, _) => { });
        (last.Kind, last.Why).ShouldBe((kind, why));
    }

    [Fact]
    public void A_relay_that_is_silent_is_left_for_the_other_one_and_not_gone_back_to_while_that_works()
    {
        (bool[] Here, bool[] There, bool IsDirectLive, double Rate) Heard(bool first, bool second) => ([first, second], [true, true], false, 0);
        var (left, back) = (0, 0);
        var last = Tell(isStar: true, isRequired: true, [(10, Heard(true, true)), (10, Heard(false, true)), (10, Heard(true, true))], (before, next, _, second) =>
        {
            left = before.Relay == Relays[0] && next.Relay == Relays[1] ? second : left;
            back = before.Relay == Relays[1] && next.Relay == Relays[0] ? second : back;
        });
        (left, back).ShouldBe((10, 0));
        (last.Relay, last.Silent, last.Why).ShouldBe((Relays[1], Relays[0], PathReason.RelaySilent));
    }

    [Fact]
    public void Traffic_between_a_quarter_of_the_threshold_and_the_threshold_changes_nothing()
    {
        Gen.Select(Gen.Bool, Gen.Double[Above * Demand.Low, Above * 0.999].Array[1, 50]).Sample((isHigh, rates) =>
            rates.Aggregate(new Demand(isHigh, 0, 0), (demand, rate) => demand.After(rate, Above)).IsHigh.ShouldBe(isHigh));
    }

    // Looks once a second; the direct path is seen as alive or silent only where both hosts keep it so, as this one does.
    private static PathState Tell(
        bool isStar, bool isRequired, (int Seconds, (bool[] Here, bool[] There, bool IsDirectLive, double Rate) What)[] story, Action<PathState, PathState, PathView, int> look)
    {
        var (state, second, bytes, liveSince, isMet) = (PathState.None, 0, 0.0, (int?)null, false);
        foreach (var what in story.SelectMany(part => Enumerable.Repeat(part.What, part.Seconds)))
        {
            bytes += what.Rate;
            if (second > 0 && second % WindowSeconds == 0)
            {
                state = state with { Demand = state.Demand.After(bytes / WindowSeconds, Above) };
                bytes = 0;
            }

            var isLive = what.IsDirectLive && state.KeepsDirect;
            (liveSince, isMet) = (isLive ? liveSince ?? second : null, isMet || isLive);
            var view = new PathView(isStar, isRequired, new(isMet, liveSince is { } since ? TimeSpan.FromSeconds(second - since) : null),
                [.. Relays.Select((relay, index) => new RelaySight(relay, what.Here[index], what.There[index]))]);
            var next = state.Next(view, TimeSpan.FromSeconds(second));
            look(state, next, view, second);
            (state, second) = (next, second + 1);
        }

        return state;
    }
}
