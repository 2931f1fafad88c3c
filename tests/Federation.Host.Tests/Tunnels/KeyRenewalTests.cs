using System.Collections.Immutable;
using CsCheck;
using Federation.Host.Tunnels;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Tunnels;

public sealed class KeyRenewalTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    // What a host hears of another is up to so many steps old: less than both generations are kept.
    private const int LongestLag = 3;

    [Fact]
    public void Hosts_that_have_met_are_never_without_a_generation_that_both_take_whoever_renews_his_keys_when()
    {
        Gen.Select(Gen.Int[2, 4], Gen.Int[0, LongestLag].Array[64], Gen.Int[0, 60].Array[4]).Sample((count, lags, begins) =>
        {
            var world = new World(count, lags, begins);
            for (var step = 0; step < 600; step++)
            {
                world.Go(step);
                world.ShouldReachEachOther();
            }

            world.Hosts.Select(host => host.Own.Keys.Max()).Distinct().ShouldHaveSingleItem().ShouldBeGreaterThan(2);
            world.Hosts.ShouldAllBe(host => host.Own.Count <= KeyRenewal.Kept);
        }, iter: 60);
    }

    // Hosts that look one after another at what they have and at what they have heard of the others.
    private sealed class World(int count, int[] lags, int[] begins)
    {
        private readonly HashSet<(int One, int Other)> met = [];
        private readonly Dictionary<(int Host, int Other), int> heard = [];

        public ImmutableArray<Trial> Hosts { get; } = [.. Enumerable.Range(0, count).Select(number => new Trial(number))];

        public void Go(int step)
        {
            foreach (var host in Hosts.Where(host => step >= begins[host.Number]))
            {
                Look(host, step);
            }

            foreach (var host in Hosts)
            {
                host.Past.Add([.. host.Own.Keys]);
            }
        }

        public void ShouldReachEachOther()
        {
            foreach (var (one, other) in from one in Hosts from other in Hosts where one != other && met.Contains((one.Number, other.Number)) select (one, other))
            {
                var way = one.Plan.Ways.GetValueOrDefault(TunnelPlanTests.AddressOf(other.Number + 1)).ShouldNotBeNull().Generation;
                other.Own.Keys.ShouldContain(way);
                other.Knows(one, way).ShouldBeTrue();
            }
        }

        private void Look(Trial host, int step)
        {
            var now = Start + (Step * step);
            var heard = Hosts.Where(other => other != host).ToDictionary(other => other, other => Heard(host, other, step));
            if (KeyRenewal.Next(host.Own, heard.Values.SelectMany(each => each), Lifetime, now) is { } next)
            {
                host.Own = host.Own.RemoveRange(host.Own.Keys.SkipLast(KeyRenewal.Kept - 1)).SetItem(next, now);
                host.SettledAt = null;
            }

            EncryptedHost[] others = [.. heard.Select(pair => TunnelPlanTests.HostOf(pair.Key.Number + 1, pair.Value, isRequired: true))];
            host.Layout = TunnelLayout.Of(host.Own.Keys.Select(generation => TunnelPlanTests.OwnEndOf(host.Number + 1, generation)), [.. others.Select(other => (other, 10))], []);
            var met = Hosts.Where(other => other != host).SelectMany(other => Shakes(host, other)).ToHashSet();
            host.Plan = TunnelPlanTests.PlanOf(others, [.. host.Own.Keys], met);
            Settle(host, now);
        }

        // A handshake takes both: each has the end, and knows the other's.
        private IEnumerable<(int Generation, string Key)> Shakes(Trial one, Trial other)
        {
            foreach (var generation in one.Own.Keys.Where(other.Own.ContainsKey))
            {
                if (one.Knows(other, generation) && other.Knows(one, generation))
                {
                    met.UnionWith([(one.Number, other.Number)]);
                    yield return (generation, TunnelPlanTests.EndOf(other.Number + 1, generation).PublicKey);
                }
            }
        }

        private static void Settle(Trial host, DateTimeOffset now)
        {
            host.SettledAt = KeyRenewal.IsSettled([.. host.Own.Keys], host.Plan.Ways.Values.Select(way => way?.Generation)) ? host.SettledAt ?? now : null;
            if (KeyRenewal.Over([.. host.Own.Keys], now - host.SettledAt) is { } old)
            {
                host.Own = host.Own.Remove(old);
            }
        }

        // Late, and never what is older than what was heard before.
        private int[] Heard(Trial host, Trial other, int step)
        {
            var at = step - 1 - lags[((host.Number * 4) + other.Number + step) % lags.Length];
            at = heard[(host.Number, other.Number)] = Math.Max(at, heard.GetValueOrDefault((host.Number, other.Number), -1));
            return at < 0 ? [] : other.Past[at];
        }
    }

    private sealed class Trial(int number)
    {
        public int Number => number;

        public ImmutableSortedDictionary<int, DateTimeOffset> Own { get; set; } = ImmutableSortedDictionary<int, DateTimeOffset>.Empty;

        public ImmutableArray<TunnelSpec> Layout { get; set; } = [];

        public TunnelPlan Plan { get; set; } = TunnelPlanTests.PlanOf([], [], []);

        public DateTimeOffset? SettledAt { get; set; }

        public List<int[]> Past { get; } = [];

        public bool Knows(Trial other, int generation) =>
            Layout.Any(spec => spec.Name.Generation == generation && spec.Peers.ContainsKey(TunnelPlanTests.EndOf(other.Number + 1, generation).PublicKey));
    }
}
