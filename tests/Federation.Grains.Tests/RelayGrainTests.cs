using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>The relays, with agents that tell of themselves and ask for them.</summary>
public sealed class RelayGrainTests
{
    private static readonly HostPost Relay = new(new("a"), "r1");
    private static readonly HostPost One = new(new("a"), "h1");
    private static readonly HostPost Other = new(new("b"), "h1");
    private static readonly HostPost Apart = new(new("c"), "h1");

    [Fact]
    public async Task Nothing_is_said_of_relays_before_all_have_had_the_time_to_tell()
    {
        await using var cluster = await Begin();
        (await Ask(cluster, One, "", wait: 0)).ShouldBeNull();
        (await Ask(cluster, Relay, "", wait: 0)).ShouldBeNull();
        cluster.Clock.Advance(RelayGrain.Settles);
        (await Ask(cluster, One, "", wait: 15)).ShouldNotBeNull().Relays.ShouldHaveSingleItem().Id.ShouldBe(Vtep(Relay));
    }

    [Fact]
    public async Task A_host_hears_of_relays_and_of_what_others_hear_and_a_relay_of_the_hosts_that_encrypt()
    {
        await using var cluster = await Begin();
        foreach (var host in new[] { Relay, One, Other, Apart })
        {
            await Ask(cluster, host, "", wait: 0);
        }

        cluster.Clock.Advance(RelayGrain.Settles);
        var first = (await Ask(cluster, One, "", wait: 15)).ShouldNotBeNull();
        first.Heard[Vtep(Other)].ShouldBeEmpty();
        first.Relayed.ShouldBeEmpty();

        var waits = Ask(cluster, One, first.Stamp, wait: 15);
        await Ask(cluster, Other, "", wait: 0, Vtep(Relay));
        var next = (await waits).ShouldNotBeNull();
        next.Heard[Vtep(Other)].ShouldBe([Vtep(Relay)]);
        (await Ask(cluster, One, next.Stamp, wait: 0)).ShouldBeNull("it has it");
        (await Ask(cluster, Relay, "", wait: 15)).ShouldNotBeNull().Relayed.Select(host => host.Id).ShouldBe([Vtep(One), Vtep(Other)]);
        (await Ask(cluster, Apart, "", wait: 0)).ShouldBeNull("it encrypts with nobody");
    }

    [Fact]
    public async Task A_relay_that_tells_nothing_any_more_is_one_no_more()
    {
        await using var cluster = await Begin();
        await Ask(cluster, Relay, "", wait: 0);
        await Ask(cluster, One, "", wait: 0);
        cluster.Clock.Advance(RelayGrain.Settles);
        var news = (await Ask(cluster, One, "", wait: 15)).ShouldNotBeNull();
        cluster.Clock.Advance(IRelayGrain.Patience);
        (await Ask(cluster, One, news.Stamp, wait: 15)).ShouldNotBeNull().Relays.ShouldBeEmpty();
    }

    private static async Task<Cluster> Begin()
    {
        var cluster = await Cluster.Start();
        var link = new Link(0.01, 1e8, 0) { Encryption = LinkEncryption.On, Path = LinkPath.Star };
        await cluster.Grains.Site(One.Site).Apply(Samples.Site("a") with { Links = ImmutableSortedDictionary<SiteId, Link>.Empty.Add(Other.Site, link) });
        await cluster.Grains.Site(Other.Site).Apply(Samples.Site("b"));
        await cluster.Grains.Site(Apart.Site).Apply(Samples.Site("c"));
        await OverlayAgent.Tell(cluster.Grains, Relay, Network(1) with { Relay = [new(1, Key(9), 51822)] });
        await OverlayAgent.Tell(cluster.Grains, One, Network(2));
        await OverlayAgent.Tell(cluster.Grains, Other, Network(3));
        await OverlayAgent.Tell(cluster.Grains, Apart, Network(4));
        return cluster;
    }

    // Each sends to the one at the other site.
    private static async Task<RelayNews?> Ask(Cluster cluster, HostPost host, string stamp, double wait, params VtepId[] heard) => (await cluster.Grains.Agent(host).Relays(new(
        stamp, [.. heard], [new(Vtep(host == Other ? One : Other), PathKind.None, PathReason.NoRelay, DateTimeOffset.UnixEpoch)], wait))).News;

    private static VtepId Vtep(HostPost host) => new(host.Site, host.Host);

    private static HostNetwork Network(byte number) => new(Address.Parse($"192.0.2.{number}"), 1500) { Tunnels = [new(1, Key(number), 51820)] };

    private static string Key(byte number) => Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray());
}
