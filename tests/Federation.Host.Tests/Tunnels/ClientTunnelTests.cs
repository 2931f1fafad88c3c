using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Host.Tunnels;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Tunnels;

public sealed class ClientTunnelTests
{
    private static readonly VtepId Host = new(new("rennes"), "h1");
    private static readonly VtepId Neighbour = new(new("rennes"), "h2");
    private static readonly VtepId Client = SegmentClients.IdOf(AppId.Parse("astro/cg.1"), "laptop");
    private static readonly ImmutableArray<SegmentPeer> Peers =
    [
        new(Client, SegmentClients.BelowOf(7, 0, AddressKind.IPv4)) { Tunnels = [Key(1)] }, new(Host, Address.Parse("10.0.0.1")) { Tunnels = [Key(2)] }, new(Neighbour, Address.Parse("10.0.0.2")),
    ];

    [Fact]
    public void To_and_from_clients_all_is_encrypted_and_by_relays_whatever_links_say()
    {
        var news = new SegmentsNews([]) { Encryption = ImmutableSortedDictionary<SiteId, LinkEncryption>.Empty };
        var ofHost = WantedTunnels.Of(Host, Peers, news, []);
        ofHost.IsWanted.ShouldBeTrue();
        var other = ofHost.Hosts.ShouldHaveSingleItem();
        (other.Id, other.IsRequired, other.IsStar).ShouldBe((Client, true, true));
        var ofClient = WantedTunnels.Of(Client, Peers, news, []);
        ofClient.Hosts.Select(host => host.Id).ShouldBe([Host, Neighbour]);
        ofClient.Hosts.ShouldAllBe(host => host.IsRequired && host.IsStar);
        WantedTunnels.Of(Host, Peers.RemoveAt(0), news, []).ShouldSatisfyAllConditions(wanted => wanted.Hosts.ShouldBeEmpty(), wanted => wanted.IsWanted.ShouldBeFalse());

        // What clients may send is part of it.
        ImmutableSortedSet<ClientRight> rights = [new(Peers[0].Address, 7, SegmentClients.MacOf(7, 0), Address.Parse("10.42.0.9"))];
        ofHost.Is(WantedTunnels.Of(Host, Peers, news, rights)).ShouldBeFalse();
        ofHost.Is(WantedTunnels.Of(Host, Peers, news, [])).ShouldBeTrue();
    }

    [Fact]
    public void A_host_waits_for_a_client_to_begin_and_a_client_takes_no_hosts_session_by_telling_its_key()
    {
        var own = new OwnEnd(1, "secret", "public", 51_820, DateTimeOffset.UnixEpoch);
        EncryptedHost Of(int index, TunnelEnd end) => new(Peers[index].Id, Peers[index].Address, [end], true, true);
        var known = TunnelLayout.Of([own], [(Of(0, Key(1)), 2), (Of(1, Key(2)), 2)], []).ShouldHaveSingleItem().Peers;
        known[Key(1).PublicKey].Port.ShouldBeNull();
        known[Key(2).PublicKey].Port.ShouldBe(51_820);
        TunnelLayout.Of([own], [(Of(0, Key(2)), 2), (Of(1, Key(2)), 2)], []).ShouldHaveSingleItem().Peers.ShouldHaveSingleItem().Value.Address.ShouldBe(Peers[1].Address);
    }

    private static TunnelEnd Key(byte number) => new(1, Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray()), 51_820);
}
