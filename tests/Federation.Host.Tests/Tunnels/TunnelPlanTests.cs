using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Paths;
using Federation.Host.Tunnels;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Tunnels;

public sealed class TunnelPlanTests
{
    private static readonly VtepId Relay = new(new("here"), "r1");

    private static readonly Gen<EncryptedHost> Host =
        from number in Gen.Int[1, 5]
        from generations in Gen.Int[1, 4].Array[0, 2]
        from isRequired in Gen.Bool
        select HostOf(number, [.. generations.Distinct().Order()], isRequired);

    [Fact]
    public void Frames_go_by_the_newest_generation_in_which_both_have_an_end_and_have_met()
    {
        Gen.Select(Gen.Int[1, 4].Array[0, 2], Host.Array[0, 5], Gen.Int[0, 20].HashSet[0, 12]).Sample((generations, all, marks) =>
        {
            int[] own = [.. generations.Distinct()];
            EncryptedHost[] hosts = [.. all.DistinctBy(host => host.Address)];
            var met = hosts.SelectMany(host => host.Ends).Where((_, index) => marks.Contains(index)).Select(end => (end.Generation, end.PublicKey)).ToHashSet();
            var plan = PlanOf(hosts, own, met);
            var layout = TunnelLayout.Of(own.Select(generation => OwnEndOf(9, generation)), [.. hosts.Select(host => (host, 10))], []);
            foreach (var host in hosts)
            {
                int? best = null;
                foreach (var end in host.Ends)
                {
                    if (own.Contains(end.Generation) && met.Contains((end.Generation, end.PublicKey)) && !(best >= end.Generation))
                    {
                        best = end.Generation;
                    }
                }

                plan.Ways.ContainsKey(host.Address).ShouldBe(best is not null || host.IsRequired);
                (plan.Ways.GetValueOrDefault(host.Address)?.Generation).ShouldBe(best);
                plan.Guarded.Contains(host.Address).ShouldBe(host.IsRequired);
                foreach (var generation in own)
                {
                    layout.Single(spec => spec.Name.Generation == generation).Peers.ContainsValue(new(host.Address, PortOf(generation)) { KeepAlive = 10 })
                        .ShouldBe(host.Ends.Any(end => end.Generation == generation));
                }
            }

            layout.Select(spec => spec.Name.Generation).Order().ShouldBe(own.Order());
        });
    }

    [Fact]
    public void A_session_with_a_relay_that_is_begun_anew_leads_nothing_out_as_it_is()
    {
        var relay = new TunnelPeer(Relay, AddressOf(8), [EndOf(8, 1)]);
        var path = PathState.None with { Kind = PathKind.Relay, Relay = Relay };
        var host = HostOf(1, [1], isRequired: false);

        TunnelPlan.Of([(host, path)], [1], [relay], (_, _) => new EndSight(true, false, null)).Ways[host.Address].ShouldBe(new TunnelName(TunnelUse.ToRelay, 1, Relay));
        TunnelPlan.Of([(host, path)], [1], [relay], (_, _) => default).Ways.ShouldBeEmpty();
    }

    [Fact]
    public void A_relay_may_send_what_comes_from_others_and_is_sent_to_all_the_time_and_a_host_may_not()
    {
        var relay = new TunnelPeer(Relay, AddressOf(8), [EndOf(8, 1), EndOf(8, 2)]);
        var layout = TunnelLayout.Of([OwnEndOf(9, 2)], [(HostOf(1, [2], isRequired: false), 0)], [relay]);
        layout.Length.ShouldBe(2);
        layout[0].Peers.Values.ShouldHaveSingleItem().Allowed.ShouldBe("10.0.0.1/32");
        layout[1].Name.ShouldBe(new TunnelName(TunnelUse.ToRelay, 2, Relay));
        layout[1].Port.ShouldBeNull();
        var target = layout[1].Peers.Values.ShouldHaveSingleItem();
        (target.Allowed, target.Endpoint, target.KeepAlive > 0).ShouldBe(("0.0.0.0/0", "10.0.0.8:51820", true));

        var relaying = TunnelLayout.Of([OwnEndOf(8, 2)], [new TunnelPeer(new(new("there"), "h1"), AddressOf(1), [EndOf(1, 2)])]).ShouldHaveSingleItem().Peers.Values.ShouldHaveSingleItem();
        (relaying.Allowed, relaying.Endpoint, relaying.KeepAlive > 0).ShouldBe(("10.0.0.1/32", null, true));
    }

    /// <summary>The plan of a host that has met these ends directly.</summary>
    internal static TunnelPlan PlanOf(IReadOnlyCollection<EncryptedHost> hosts, int[] own, HashSet<(int Generation, string Key)> met) => TunnelPlan.Of(
        [.. hosts.Select(host => (host, PathState.None with { Kind = host.Ends.Any(end => met.Contains((end.Generation, end.PublicKey))) ? PathKind.Direct : host.IsRequired ? PathKind.None : PathKind.Plain }))],
        own,
        [],
        (tunnel, key) => new(true, met.Contains((tunnel.Generation, key)), null));

    internal static EncryptedHost HostOf(int number, IEnumerable<int> generations, bool isRequired) => new(
        new(new("there"), string.Create(CultureInfo.InvariantCulture, $"h{number}")), AddressOf(number), [.. generations.Select(generation => EndOf(number, generation))], isRequired, IsStar: false);

    internal static Address AddressOf(int number) => Address.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}"));

    internal static OwnEnd OwnEndOf(int number, int generation) => new(generation, "secret", EndOf(number, generation).PublicKey, PortOf(generation), DateTimeOffset.UnixEpoch);

    internal static TunnelEnd EndOf(int number, int generation) => new(generation, string.Create(CultureInfo.InvariantCulture, $"key {number} of {generation}"), PortOf(generation));

    private static int PortOf(int generation) => 51820 + (generation % 2);
}
