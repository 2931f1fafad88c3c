using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Host.Tunnels;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Tunnels;

public sealed class TunnelPlanTests
{
    private static readonly Gen<EncryptedHost> Host =
        from number in Gen.Int[1, 5]
        from generations in Gen.Int[1, 4].Array[0, 2]
        from isRequired in Gen.Bool
        select new EncryptedHost(AddressOf(number), [.. generations.Distinct().Order().Select(generation => EndOf(number, generation))], isRequired);

    [Fact]
    public void Frames_go_by_the_newest_generation_in_which_both_have_an_end_and_have_met()
    {
        Gen.Select(Gen.Int[1, 4].Array[0, 2], Host.Array[0, 5], Gen.Int[0, 20].HashSet[0, 12]).Sample((generations, all, marks) =>
        {
            int[] own = [.. generations.Distinct()];
            EncryptedHost[] hosts = [.. all.DistinctBy(host => host.Address)];
            var met = hosts.SelectMany(host => host.Ends).Where((_, index) => marks.Contains(index)).Select(end => new MetEnd(end.Generation, end.PublicKey)).ToHashSet();
            var plan = TunnelPlan.Of(own, hosts, met);
            foreach (var host in hosts)
            {
                int? best = null;
                foreach (var end in host.Ends)
                {
                    if (own.Contains(end.Generation) && met.Contains(new(end.Generation, end.PublicKey)) && !(best >= end.Generation))
                    {
                        best = end.Generation;
                    }
                }

                plan.Ways.ContainsKey(host.Address).ShouldBe(best is not null || host.IsRequired);
                plan.Ways.GetValueOrDefault(host.Address).ShouldBe(best);
                plan.Guarded.Contains(host.Address).ShouldBe(host.IsRequired);
                foreach (var generation in own)
                {
                    plan.Peers[generation].ContainsValue(new(host.Address, PortOf(generation))).ShouldBe(host.Ends.Any(end => end.Generation == generation));
                }
            }

            plan.Peers.Keys.ShouldBe(own.Order());
        });
    }

    internal static Address AddressOf(int number) => Address.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}"));

    internal static TunnelEnd EndOf(int number, int generation) => new(generation, string.Create(CultureInfo.InvariantCulture, $"key {number} of {generation}"), PortOf(generation));

    private static int PortOf(int generation) => 51820 + (generation % 2);
}
