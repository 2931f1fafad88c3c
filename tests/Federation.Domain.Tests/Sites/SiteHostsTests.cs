using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteHostsTests
{
    private static readonly SiteId Rennes = new("rennes");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SiteHosts Two = HostSamples.Hosts("h1", "h2");

    [Fact]
    public void A_host_joins_with_its_first_report_and_the_same_said_again_is_no_news()
    {
        var (hosts, news) = SiteHosts.None.Heard("h1", HostSamples.Facts(), Samples.Now);
        news.ShouldBe(HostNews.Joined);
        hosts.Heard("h1", HostSamples.Facts(), Samples.Now.AddSeconds(10)).News.ShouldBe(HostNews.None);
        hosts.Heard("h1", HostSamples.Facts(vcpus: 4), Samples.Now).News.ShouldBe(HostNews.Changed);
        hosts.Heard("h1", HostSamples.Facts(cpus: ["Skylake"]), Samples.Now).News.ShouldBe(HostNews.Changed, "its lists are compared, not their references");
    }

    [Fact]
    public void A_host_that_tells_again_how_it_is_reached_is_no_news_and_one_that_is_reached_otherwise_is()
    {
        var hosts = SiteHosts.None.Heard("h1", On("key1"), Samples.Now).Hosts;
        hosts.Heard("h1", On("key1"), Samples.Now).News.ShouldBe(HostNews.None);
        hosts.Heard("h1", On("key2"), Samples.Now).News.ShouldBe(HostNews.Changed);
        hosts.Heard("h1", HostSamples.Facts(), Samples.Now).News.ShouldBe(HostNews.Changed);

        static HostFacts On(string key) => HostSamples.Facts() with { Network = new(Address.Parse("192.0.2.1"), 1500) { Tunnels = [new(1, key, 51820)] } };
    }

    [Fact]
    public void A_host_that_is_silent_for_longer_than_its_patience_is_lost_once_and_comes_back_with_its_next_report()
    {
        var (hosts, lost) = Two.Heard("h2", HostSamples.Facts(), Samples.Now.AddSeconds(20)).Hosts.Miss(Samples.Now.AddSeconds(31), Patience);
        lost.ShouldBe(["h1"]);
        hosts.Named("h1")!.State.ShouldBe(HostState.Lost);
        hosts.Miss(Samples.Now.AddSeconds(40), Patience).Lost.ShouldBeEmpty();
        var (back, news) = hosts.Heard("h1", HostSamples.Facts(), Samples.Now.AddSeconds(41));
        news.ShouldBe(HostNews.Returned);
        back.Named("h1")!.State.ShouldBe(HostState.Ready);
    }

    [Fact]
    public void A_host_of_another_boot_has_lost_what_ran_there_whether_it_was_missed_or_not()
    {
        Two.Heard("h1", HostSamples.Facts(boot: "boot2"), Samples.Now.AddSeconds(5)).News.ShouldBe(HostNews.Rebooted);
        Two.Miss(Samples.Now.AddMinutes(1), Patience).Hosts.Heard("h1", HostSamples.Facts(boot: "boot2"), Samples.Now.AddMinutes(2)).News.ShouldBe(HostNews.Rebooted);
    }

    [Fact]
    public void A_site_that_was_away_misses_nobody_for_the_time_in_which_it_did_not_listen() =>
        Two.Awake(Samples.Now.AddHours(1)).Miss(Samples.Now.AddHours(1).AddSeconds(5), Patience).Lost.ShouldBeEmpty();

    [Fact]
    public void A_fence_stays_until_an_administrator_takes_it_back_and_that_only_once_the_host_is_heard_of()
    {
        var lost = Two.Miss(Samples.Now.AddMinutes(1), Patience).Hosts;
        var fenced = lost.Fence(Rennes, "h1", "ada", Samples.Now.AddMinutes(2)).Hosts;
        fenced.Uncordon(Rennes, "h1").Refusal!.Code.ShouldBe(RefusalCode.HostLost);
        fenced.Order(Rennes, "h1", HostState.Draining, "ada", Samples.Now).Refusal!.Code.ShouldBe(RefusalCode.HostFenced);
        var heard = fenced.Heard("h1", HostSamples.Facts(), Samples.Now.AddMinutes(3)).Hosts;
        heard.Named("h1")!.State.ShouldBe(HostState.Fenced);
        heard.Uncordon(Rennes, "h1").Hosts.Named("h1")!.State.ShouldBe(HostState.Ready);
    }

    [Fact]
    public void A_host_that_is_heard_of_is_not_fenced() =>
        Two.Fence(Rennes, "h1", "ada", Samples.Now).Refusal!.Code.ShouldBe(RefusalCode.HostHeard);

    [Fact]
    public void An_order_about_no_host_says_which_there_are() =>
        $"{Two.Order(Rennes, "h9", HostState.Cordoned, "ada", Samples.Now).Refusal}".ShouldBe("site rennes has no host h9; its hosts are h1, h2");

    [Fact]
    public void A_site_has_the_sum_of_its_hosts_and_no_more_than_it_says_itself()
    {
        Two.Bounded(Samples.Site("rennes"), new()).Capacity.ShouldBe(new(16, 32 * Samples.GiB, null));
        Two.Bounded(Samples.Site("rennes") with { Capacity = new(10, null, 3, Headroom: 0.1) }, new()).Capacity.ShouldBe(new(9, 32 * Samples.GiB, 2));
        SiteHosts.None.Bounded(Samples.Site("rennes"), new()).Capacity.ShouldBeNull();
    }

    [Fact]
    public void A_host_that_takes_no_VMs_gives_what_its_own_have_and_nothing_more()
    {
        var site = Samples.Site("rennes");
        var ledger = Occupied(HostSamples.Hosts("h1"), site);
        var hosts = Two.Order(Rennes, "h1", HostState.Cordoned, "ada", Samples.Now).Hosts;
        hosts.Bounded(site, ledger).Capacity.ShouldBe(new(12, 24 * Samples.GiB, null));
    }

    [Fact]
    public void What_is_stored_reads_back()
    {
        var hosts = Two.Miss(Samples.Now.AddMinutes(1), Patience).Hosts.Fence(Rennes, "h1", "ada", Samples.Now).Hosts;
        var text = JsonSerializer.Serialize(hosts, DomainJson.Options);
        JsonSerializer.Serialize(JsonSerializer.Deserialize<SiteHosts>(text, DomainJson.Options), DomainJson.Options).ShouldBe(text);
    }

    private static SiteLedger Occupied(SiteHosts hosts, Site site)
    {
        var request = Ledgers.Request("astro/cg.1/vm1");
        var door = HostSamples.Door(hosts, site);
        return new SiteLedger().Admit(door, [request], Ledgers.Lifetime).Ledger.Confirm(door, request.Vm, request.Reservation).Ledger
            .Arrive(door, request.Vm, request.Reservation).Ledger;
    }
}
