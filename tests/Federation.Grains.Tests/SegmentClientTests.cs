using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>Networks with machines of users on them, whose agents ask as a host's does.</summary>
public sealed class SegmentClientTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly HostPost A = new(new("a"), "h1");
    private static readonly HostPost B = new(new("a"), "h2");
    private static readonly HostPost Relay = new(new("a"), "r1");
    private static readonly VtepId Laptop = SegmentClients.IdOf(Application, "laptop");
    private static readonly HostPost Post = new(SegmentClients.Site, Laptop.Host);
    private static readonly SegmentPort Port = SegmentClients.PortOf(Application, "laptop");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_machine_that_is_let_in_is_told_the_network_hosts_and_relays_are_told_of_it_and_all_of_it_ends_with_its_leave()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A, address: "192.0.2.1");
        await using var b = await OverlayAgent.Start(cluster.Grains, B, address: "192.0.2.2");
        await OverlayAgent.Tell(cluster.Grains, Relay, new(Address.Parse("192.0.2.9"), 1500) { Relay = [new(1, Key(9), 51822)] });
        await cluster.Grains.Site(A.Site).Apply(Samples.Site("a"));
        var segment = cluster.Grains.Segment(Application);
        (await segment.Admit("laptop", [], "hash")).Reason.ShouldBe(Refusal.ClientsNeedNetwork(Application));
        await segment.Placed(new(new(Application, new("vm1")), A, 1, Nics), Long);

        var made = (await segment.Admit("laptop", [Address.Parse("10.129.0.9"), Address.Parse("10.129.0.10")], "hash")).Client.ShouldNotBeNull();
        (await segment.Admit("laptop", [], "another")).Reason.ShouldBe(Refusal.ClientKnown(Application, "laptop"));
        (await segment.Client("laptop"))!.TokenHash.ShouldBe("hash");
        var agent = cluster.Grains.Agent(Post);
        (await agent.Attach(new(1500, []), "198.51.100.7")).Post.ShouldBe(new(Application, "laptop", made.Below));
        a.Segments[Application].Entries.Keys.ShouldNotContain(Port);
        (await agent.Attach(new(1500, [new(1, Key(5), 51820)]), "198.51.100.7")).Refused.ShouldBeNull();
        await using var client = OverlayAgent.OfClient(cluster.Grains, Post);
        await Until(() => a.Segments[Application].Entries.ContainsKey(Port) && client.Segments.ContainsKey(Application));
        var entry = a.Segments[Application].Entries[Port];
        entry.At.ShouldBe(Laptop);
        entry.Addresses.ShouldBe([Address.Parse("10.129.0.9"), Address.Parse("10.129.0.10")]);
        var peer = a.Segments[Application].Peers[Laptop];
        (peer.Address, peer.Tunnels.ShouldHaveSingleItem().PublicKey).ShouldBe((made.Below, Key(5)));
        client.Segments[Application].Entries[new(new(Application, new("vm1")), 0)].At.ShouldBe(new(A.Site, A.Host));

        // A host that encrypts with nobody else uses relays to reach it, and they hear of both.
        await OverlayAgent.Tell(cluster.Grains, A, new(Address.Parse("192.0.2.1"), 1500) { Tunnels = [new(1, Key(1), 51820)] });
        await Ask(cluster, Relay, []);
        await Ask(cluster, A, [Laptop]);
        await Ask(cluster, Post, [new(A.Site, A.Host)]);
        cluster.Clock.Advance(RelayGrain.Settles);
        await agent.Attach(new(1500, [new(1, Key(5), 51820)]), "198.51.100.8");
        (await Ask(cluster, A, [Laptop], 15)).ShouldNotBeNull().Relays.ShouldHaveSingleItem().Id.ShouldBe(new(Relay.Site, Relay.Host));
        (await Ask(cluster, Post, [new(A.Site, A.Host)], 15, new VtepId(Relay.Site, Relay.Host))).ShouldNotBeNull().Relays.ShouldHaveSingleItem();
        await UntilAsync(async () => (await Ask(cluster, Relay, []))?.Relayed.Select(each => each.Id).SequenceEqual([Laptop, new(A.Site, A.Host)]) == true);
        var shown = (await segment.Get())!.Clients.ShouldHaveSingleItem();
        (shown.Name, shown.Standing.IsHeard, shown.Standing.From, shown.Refused).ShouldBe(("laptop", true, "198.51.100.8", null));
        shown.Standing.Relays.ShouldBe([new VtepId(Relay.Site, Relay.Host)]);
        (await segment.Get())!.Hosts.Select(host => host.Host).ShouldBe([new(A.Site, A.Host)]);

        // The VM moves: the client hears of it as hosts do.
        await segment.Placed(new(new(Application, new("vm1")), B, 2, Nics), Long);
        await Until(() => client.Segments[Application].Entries[new(new(Application, new("vm1")), 0)].At == new VtepId(B.Site, B.Host));

        (await segment.Dismiss("laptop")).ShouldBeTrue();
        await Until(() => !b.Segments[Application].Entries.ContainsKey(Port) && !b.Segments[Application].Peers.ContainsKey(Laptop));
        await UntilAsync(async () => (await Ask(cluster, Relay, []))?.Relayed.Any(each => each.Id == Laptop) == false);
        (await segment.Client("laptop")).ShouldBeNull();
        (await agent.Attach(new(1500, [new(1, Key(5), 51820)]), "198.51.100.8")).ShouldBe(new(null, null));
        (await segment.Dismiss("laptop")).ShouldBeFalse();
        await segment.Delete();
        await UntilAsync(async () => await cluster.Grains.SegmentNumbers().Take(AppId.Parse("bio/cg.1")) == 2 && await cluster.Grains.Segment(Application).Get() is null);
    }

    [Fact]
    public async Task A_client_is_held_to_its_own_network_and_to_what_a_client_is_asked_and_is_refused_where_its_packets_are_too_short()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A, address: "192.0.2.1");
        await cluster.Grains.Site(A.Site).Apply(Samples.Site("a"));
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(new(new(Application, new("vm1")), A, 1, Nics), Long);
        await segment.Admit("laptop", [], "hash");
        var agent = cluster.Grains.Agent(Post);

        (await agent.Attach(new(1450, [new(1, Key(5), 51820)]), "")).Refused.ShouldBe(Refusal.ClientMtu(Application, "laptop", 1450, 1500));
        (await segment.Get())!.Clients.ShouldHaveSingleItem().Refused.ShouldBe(Refusal.ClientMtu(Application, "laptop", 1450, 1500));
        a.Segments[Application].Entries.Keys.ShouldNotContain(Port);
        (await agent.Attach(new(1500, [new(1, Key(5), 51820)]), "")).Refused.ShouldBeNull();
        (await segment.Get())!.Clients.ShouldHaveSingleItem().Refused.ShouldBeNull();

        // Of other networks it hears not even that there are none.
        var known = ImmutableSortedDictionary<string, long>.Empty.Add("bio/cg.1", 0);
        (await agent.Segments(new(known, 0))).Updates.ShouldAllBe(update => update.Application == Application);
        await Should.ThrowAsync<AccessDeniedException>(() => agent.Renew());
        await Should.ThrowAsync<AccessDeniedException>(() => agent.Orders(default, 0, TimeSpan.Zero));
        await Should.ThrowAsync<AccessDeniedException>(() => OverlayAgent.Tell(cluster.Grains, Post, null));
        (await cluster.Grains.Agent(A).Attach(new(1500, []), "")).ShouldBe(new(null, null));
    }

    private static ImmutableArray<GuestNic> Nics => [new(DerivedMac.Of(new(Application, new("vm1")), 0), [Address.Parse("10.42.0.3")])];

    private static async Task<RelayNews?> Ask(Cluster cluster, HostPost host, VtepId[] others, double wait = 0, params VtepId[] heard) => (await cluster.Grains.Agent(host).Relays(new(
        "", [.. heard], [.. others.Select(other => new PeerPath(other, PathKind.None, PathReason.NotMet, DateTimeOffset.UnixEpoch))], wait))).News;

    private static string Key(byte number) => Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray());

    private static Task Until(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Patience, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
