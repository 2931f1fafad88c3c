using System.Collections.Immutable;
using Federation.Domain.Networks;
using Federation.Host.Tunnels;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Tunnels;

public sealed class TunnelSightsTests
{
    private static readonly TunnelName Direct = new(TunnelUse.Direct, 1);
    private static readonly TunnelName ToRelay = new(TunnelUse.ToRelay, 1, new VtepId(new("here"), "r1"));

    private readonly FakeTimeProvider clock = new(new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Ends_that_have_met_stay_so_while_their_session_is_renewed()
    {
        var sights = Watching();
        See(sights, Direct, clock.GetUtcNow(), 100);
        sights.Of(Direct, "key").IsMet.ShouldBeFalse("one of two sessions that begin at once is given up within a moment");
        clock.Advance(TimeSpan.FromSeconds(2));
        See(sights, Direct, clock.GetUtcNow() - TimeSpan.FromSeconds(2), 200);
        sights.Of(Direct, "key").IsMet.ShouldBeTrue();

        See(sights, Direct, clock.GetUtcNow(), 300);
        sights.Of(Direct, "key").IsMet.ShouldBeTrue();

        See(sights, Direct, null, 0);
        sights.Of(Direct, "key").IsMet.ShouldBeFalse("the device was made anew");
    }

    [Fact]
    public void An_end_lives_while_something_comes_from_it()
    {
        var sights = Watching();
        var handshake = clock.GetUtcNow();
        long received = 0;
        for (var second = 0; second < 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            See(sights, ToRelay, handshake, received += 32);
        }

        sights.Of(ToRelay, "key").LiveFor.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromSeconds(15));
        clock.Advance(TunnelSights.RelaySilence);
        See(sights, ToRelay, handshake, received);
        sights.Of(ToRelay, "key").LiveFor.ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        See(sights, ToRelay, handshake, received);
        sights.Of(ToRelay, "key").LiveFor.ShouldBeNull();
        sights.IsLost(ToRelay, "key").ShouldBeTrue();

        clock.Advance(TimeSpan.FromSeconds(1));
        See(sights, ToRelay, handshake, received + 1);
        sights.Of(ToRelay, "key").LiveFor.ShouldBe(TimeSpan.Zero, "it begins anew");
    }

    [Fact]
    public void An_agent_that_has_just_been_started_takes_a_session_that_holds_for_a_living_one()
    {
        var sights = new TunnelSights(clock);
        See(sights, Direct, clock.GetUtcNow() - TimeSpan.FromSeconds(1), 5_000);
        sights.Of(Direct, "key").ShouldBe(new EndSight(true, true, TimeSpan.Zero));
        clock.Advance(TunnelSights.DirectSilence + TimeSpan.FromSeconds(1));
        See(sights, Direct, clock.GetUtcNow() - TimeSpan.FromSeconds(8), 5_000);
        sights.Of(Direct, "key").LiveFor.ShouldBeNull();

        var later = new TunnelSights(clock);
        See(later, Direct, clock.GetUtcNow() - TimeSpan.FromMinutes(4), 5_000);
        later.Of(Direct, "key").LiveFor.ShouldBeNull("no session is that old");
    }

    private TunnelSights Watching()
    {
        var sights = new TunnelSights(clock);
        sights.End();
        return sights;
    }

    private static void See(TunnelSights sights, TunnelName name, DateTimeOffset? handshake, long received)
    {
        sights.See(name, new("secret", 51820, ImmutableDictionary<string, TunnelDevice.Peer>.Empty.Add("key", new("10.0.0.2:51820", "10.0.0.2/32", handshake, received, 2))));
        sights.End();
    }
}
