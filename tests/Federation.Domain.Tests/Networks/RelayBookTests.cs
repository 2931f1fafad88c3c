using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

public sealed class RelayBookTests
{
    private static readonly VtepId One = new(new("rennes"), "r1");
    private static readonly VtepId Other = new(new("lyon"), "r2");
    private static readonly VtepId Host = new(new("rennes"), "h1");
    private static readonly VtepId Peer = new(new("lyon"), "h2");

    private static readonly RelayBook Book = new RelayBook()
        .Told(One, Reached(1, isRelay: true), []).Told(Other, Reached(2, isRelay: true), [One]).Told(Host, Reached(3), [One, Other]).Told(Peer, Reached(4), [Other]);

    [Fact]
    public void A_host_is_told_of_relays_and_of_what_the_hosts_hear_that_it_sends_to()
    {
        var news = Book.For(Host, [Peer, new(new("lyon"), "unknown")]);
        news.Relays.Select(relay => relay.Id).ShouldBe([Other, One]);
        news.Heard.Keys.ShouldBe([Peer]);
        news.Heard[Peer].ShouldBe([Other]);
        news.Relayed.ShouldBeEmpty();
    }

    [Fact]
    public void A_relay_is_told_of_all_hosts_that_receive_and_of_the_other_relays()
    {
        var news = Book.For(One, []);
        news.Relays.Select(relay => relay.Id).ShouldBe([Other]);
        news.Relayed.Select(host => host.Id).ShouldBe([Peer, Other, Host]);
        Book.Told(Host, Reached(3) with { Tunnels = [] }, []).For(One, []).Relayed.Select(host => host.Id).ShouldBe([Peer, Other]);
    }

    [Fact]
    public void Nobody_takes_over_an_address_that_another_host_has()
    {
        var thief = new VtepId(new("aaa"), "h0");
        Book.Told(thief, Reached(3), []).For(One, []).Relayed.Select(host => host.Id).ShouldBe([Peer, Other, Host]);
        Book.Told(thief, Reached(3), []).Without(Host).For(One, []).Relayed.Select(host => host.Id).ShouldBe([thief, Peer, Other]);
    }

    [Fact]
    public void Its_stamp_is_another_one_only_where_the_news_are_others()
    {
        var stamp = Book.For(Host, [Peer]).Stamp;
        Book.Told(Host, Reached(3), [One]).For(Host, [Peer]).Stamp.ShouldBe(stamp, "it knows itself what it hears");
        Book.Told(Peer, Reached(4), []).For(Host, [Peer]).Stamp.ShouldNotBe(stamp);
        Book.Told(One, Reached(9, isRelay: true), []).For(Host, [Peer]).Stamp.ShouldNotBe(stamp);
        ReferenceEquals(Book.Told(Peer, Reached(4), [Other]), Book).ShouldBeTrue();
        ReferenceEquals(Book.Without(new(new("rennes"), "h9")), Book).ShouldBeTrue();
    }

    [Fact]
    public void Hosts_use_the_same_few_relays()
    {
        var many = Enumerable.Range(10, 9).Aggregate(Book, (book, number) => book.Told(new(new("zoo"), $"r{number}"), Reached(number, isRelay: true), []));
        many.For(Host, []).Relays.Length.ShouldBe(RelayNews.MostRelays);
        many.For(Peer, []).Relays.Select(relay => relay.Id).ShouldBe(many.For(Host, []).Relays.Select(relay => relay.Id));
        many.For(new(new("zoo"), "r18"), []).Relayed.ShouldBeEmpty("nobody sends by it");
    }

    [Fact]
    public void A_question_about_relays_that_is_none_is_refused_and_says_why()
    {
        var path = new PeerPath(Peer, PathKind.Relay, PathReason.Star, DateTimeOffset.UnixEpoch) { Relay = One, BytesPerSecond = 1 };
        var right = new RelayQuestion("", [One], [path], 20);
        RelaysCheck.FaultOf(right).ShouldBeNull();
        RelaysCheck.FaultOf(null).ShouldBe("the question is empty");
        RelaysCheck.FaultOf(right with { WaitSeconds = 21 }).ShouldNotBeNull().ShouldContain("from 0 to 20");
        RelaysCheck.FaultOf(right with { WaitSeconds = double.NaN }).ShouldNotBeNull();
        RelaysCheck.FaultOf(right with { Stamp = new('a', 65) }).ShouldNotBeNull().ShouldContain("64");
        RelaysCheck.FaultOf(right with { Heard = default }).ShouldNotBeNull().ShouldContain("missing");
        RelaysCheck.FaultOf(right with { Heard = [.. Enumerable.Repeat(One, 5)] }).ShouldNotBeNull().ShouldContain("more than 4");
        RelaysCheck.FaultOf(right with { Heard = [default] }).ShouldNotBeNull().ShouldContain("names no host");
        RelaysCheck.FaultOf(right with { Paths = [null!] }).ShouldNotBeNull().ShouldContain("null");
        RelaysCheck.FaultOf(right with { Paths = [path with { BytesPerSecond = double.PositiveInfinity }] }).ShouldNotBeNull().ShouldContain("rate");
        RelaysCheck.FaultOf(right with { Paths = [path with { BytesPerSecond = -1 }] }).ShouldNotBeNull().ShouldContain("rate");
        RelaysCheck.FaultOf(right with { Paths = [.. Enumerable.Repeat(path, 1_001)] }).ShouldNotBeNull().ShouldContain("more than 1000");
    }

    private static HostNetwork Reached(int number, bool isRelay = false) => new(Address.Parse($"192.0.2.{number}"), 1500)
    {
        Tunnels = [new(1, Convert.ToBase64String(Enumerable.Repeat((byte)number, 32).ToArray()), 51820)],
        Relay = isRelay ? [new(1, Convert.ToBase64String(Enumerable.Repeat((byte)(number + 100), 32).ToArray()), 51822)] : [],
    };
}
