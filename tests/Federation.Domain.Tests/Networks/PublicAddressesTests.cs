using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

public sealed class PublicAddressesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<GatewayRanges> Gateways =
    [
        new(Host("rennes", "g1"), [PublicRange.Parse("203.0.113.16-203.0.113.20")]),
        new(Host("rennes", "g2"), [PublicRange.Parse("203.0.113.16-203.0.113.20"), PublicRange.Parse("203.0.113.40")]),
        new(Host("rennes", "g3"), [PublicRange.Parse("203.0.113.50-203.0.113.51")]),
        new(Host("nancy", "g1"), [PublicRange.Parse("198.51.100.7-198.51.100.9")]),
    ];

    private static readonly PublicWish[] Wishes = [.. ((string[])["rennes", "rennes", "nancy", "lyon", "203.0.113.17", "203.0.113.40", "203.0.113.51", "192.0.2.1"]).Select(PublicWish.Parse)];

    [Fact]
    public void No_two_VMs_have_one_address_each_keeps_its_own_and_one_gateway_owns_all_of_an_application() => Gen.Int[0, 9_999_999].Array[1, 60].Sample(acts =>
    {
        var (addresses, now) = (new PublicAddresses(), Now);
        var wished = new Dictionary<AppId, ImmutableSortedDictionary<VmId, PublicWish>>();
        var freed = new Dictionary<Address, (VmRef Vm, DateTimeOffset At)>();
        foreach (var act in acts)
        {
            var application = new AppId(new($"t{act % 3}"), "cg", 1);
            var vm = new VmId($"vm{act / 10 % 4}");
            var wishes = wished.GetValueOrDefault(application, ImmutableSortedDictionary<VmId, PublicWish>.Empty);
            wishes = wished[application] = act / 100 % 3 == 0 ? wishes.Remove(vm) : wishes.SetItem(vm, Wishes[act / 1000 % Wishes.Length]);
            now += TimeSpan.FromSeconds(act / 10_000 % 40);
            var (next, answers) = addresses.Ask(application, wishes, act / 1_000_000 == 0 ? [] : Gateways, now);
            foreach (var (address, holder) in addresses.Taken.Where(taken => next.Taken.GetValueOrDefault(taken.Key) != taken.Value))
            {
                holder.Vm.Application.ShouldBe(application, "nobody loses what another application asks for");
                freed[address] = (holder.Vm, now);
            }

            foreach (var (address, holder) in next.Taken)
            {
                var wish = wished[holder.Vm.Application][holder.Vm.Vm];
                (wish.Address == address || Gateways.Any(gateway => gateway.Has(address) && gateway.Host.Site == wish.Site)).ShouldBeTrue($"{holder.Vm} wishes for {wish} and has {address}");
                (addresses.Taken.GetValueOrDefault(address) == holder || !freed.TryGetValue(address, out var before) || before.Vm == holder.Vm || now - before.At >= PublicAddresses.RestsFor)
                    .ShouldBeTrue($"{address} was another VM's a moment ago");
            }

            foreach (var (key, wish) in wishes)
            {
                var had = addresses.Taken.Where(taken => taken.Value.Vm == new VmRef(application, key)).Select(taken => taken.Key).ToList();
                var has = next.Taken.Where(taken => taken.Value.Vm == new VmRef(application, key)).Select(taken => taken.Key).ToList();
                answers[key].Address.ShouldBe(has.Count == 0 ? null : has.ShouldHaveSingleItem());
                (answers[key].Refusal is null).ShouldBe(has.Count == 1);
                if (had.Count == 1 && key != vm)
                {
                    has.ShouldBe(had, "it wishes for what it did");
                }
            }

            foreach (var owned in next.Taken.GroupBy(taken => taken.Value.Vm.Application))
            {
                Gateways.Any(gateway => owned.All(taken => gateway.Has(taken.Key))).ShouldBeTrue();
            }

            addresses = next;
        }
    });

    [Fact]
    public void A_wish_that_is_not_met_says_why_and_tells_no_other_tenant_s_names()
    {
        var (mine, other) = (new AppId(new("astro"), "cg", 1), new AppId(new("bio"), "secret", 1));
        var taken = Asked(Asked(new(), other, "203.0.113.17").Next, other with { Name = "more" }, "203.0.113.18").Next;
        Said(taken, mine, "203.0.113.17").ShouldBe("astro/cg/vm1 does not get 203.0.113.17: it is taken. Name another one, or a site");
        Said(taken, other with { Name = "third" }, "203.0.113.17").ShouldContain("it is bio/secret/vm1's");
        Said(taken, mine, "lyon").ShouldContain("no host of site lyon is a gateway");
        Said(taken, mine, "192.0.2.1").ShouldContain("it is no address of a gateway");
        Said(taken, mine, "rennes", "nancy").ShouldContain("no gateway owns it together with the other public addresses of astro/cg");
        Said(taken, mine, "nancy", "nancy", "nancy", "nancy").ShouldContain("all of site nancy are taken");
        var freed = taken.Ask(other, ImmutableSortedDictionary<VmId, PublicWish>.Empty, Gateways, Now).Next;
        Said(freed, mine, "203.0.113.17").ShouldContain("another VM has just given it back");
        freed.Ask(mine, Named("203.0.113.17"), Gateways, Now + PublicAddresses.RestsFor).Answers[new("vm1")].Refusal.ShouldBeNull();
    }

    [Fact]
    public void An_address_that_several_gateways_own_is_given_first_and_one_that_was_given_back_last()
    {
        var (one, two) = (new AppId(new("astro"), "one", 1), new AppId(new("astro"), "two", 1));
        var (given, answers) = Asked(new(), one, "rennes");
        answers[new("vm1")].Address.ShouldBe(Address.Parse("203.0.113.16"));
        var back = given.Ask(one, ImmutableSortedDictionary<VmId, PublicWish>.Empty, Gateways, Now).Next;
        back.Ask(two, Named("rennes"), Gateways, Now + TimeSpan.FromHours(1)).Answers[new("vm1")].Address.ShouldBe(Address.Parse("203.0.113.17"));
    }

    [Fact]
    public void A_gateway_keeps_its_addresses_while_it_is_fit_and_not_known_to_be_silent_and_another_one_has_them_only_if_it_is_heard_of() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 4], Gen.Bool.Array[4], Gen.Int[-1, 4], Gen.Int[1, 99]).Sample((silences, fit, active, vni) =>
        {
            var gateways = silences.Select((silence, index) => new GatewayStanding(
                Host("rennes", $"g{index}"), fit[index], silence switch { 0 => TimeSpan.Zero, 1 => SegmentGateway.TakenOverAfter, _ => null })).ToImmutableArray();
            VtepId? before = active < 0 ? null : Host("rennes", $"g{active}");
            var now = GatewayChoice.Of(before, gateways, vni);
            (now is null).ShouldBe(gateways.IsEmpty);
            if (gateways.FirstOrDefault(gateway => gateway.Host == before) is { Host.Host: not null } known && (known.Keeps || !gateways.Any(gateway => gateway is { IsFit: true, IsHeard: true })))
            {
                now.ShouldBe(before);
            }
            else if (now is { } chosen && gateways.Any(gateway => gateway is { IsFit: true, IsHeard: true }))
            {
                gateways.Single(gateway => gateway.Host == chosen).ShouldSatisfyAllConditions(gateway => gateway.IsFit.ShouldBeTrue(), gateway => gateway.IsHeard.ShouldBeTrue());
            }
        });

    [Theory]
    [InlineData("203.0.113.16-203.0.113.31", 16)]
    [InlineData("203.0.113.16", 1)]
    [InlineData("10.0.0.0-10.0.255.255", 65_536)]
    public void A_range_reads_back_and_has_its_addresses(string text, int count)
    {
        var range = PublicRange.Parse(text);
        range.ToString().ShouldBe(text);
        range.Addresses().Count().ShouldBe(count);
        range.Addresses().ShouldAllBe(address => range.Contains(address));
    }

    [Theory]
    [InlineData("203.0.113.31-203.0.113.16")]
    [InlineData("10.0.0.0-10.1.0.0")]
    [InlineData("fd00::1-fd00::2")]
    [InlineData("203.0.113.16-")]
    [InlineData("")]
    public void What_is_no_range_is_not_read(string text) => PublicRange.TryParse(text, out _).ShouldBeFalse();

    private static VtepId Host(string site, string host) => new(new(site), host);

    private static ImmutableSortedDictionary<VmId, PublicWish> Named(params string[] wishes) =>
        wishes.Select((wish, index) => (new VmId($"vm{index + 1}"), PublicWish.Parse(wish))).ToImmutableSortedDictionary(one => one.Item1, one => one.Item2);

    private static (PublicAddresses Next, ImmutableSortedDictionary<VmId, PublicAnswer> Answers) Asked(PublicAddresses addresses, AppId application, params string[] wishes) =>
        addresses.Ask(application, Named(wishes), Gateways, Now);

    private static string Said(PublicAddresses addresses, AppId application, params string[] wishes) =>
        RefusalText.Of(Asked(addresses, application, wishes).Answers.Values.Select(answer => answer.Refusal).OfType<Refusal>().Single());
}
