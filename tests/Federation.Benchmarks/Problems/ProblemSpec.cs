using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Benchmarks.Problems;

/// <summary>What a benchmark's problem is made from: the same figures, the same problem.</summary>
/// <param name="Vms">How many VMs.</param>
/// <param name="Sites">How many regions, drawn from the 60.</param>
/// <param name="Seed">Where chance comes from.</param>
/// <param name="GroupSize">How many VMs talk much with each other.</param>
/// <param name="PairsPerVm">How many pairs there are for each VM.</param>
public sealed record ProblemSpec(int Vms, int Sites, int Seed, int GroupSize, double PairsPerVm)
{
    /// <summary>The share of pairs that are within a group.</summary>
    public double Inside { get; init; } = 0.8;

    /// <summary>What the application wants; null: drawn.</summary>
    public Objective? Objective { get; init; }

    /// <summary>Whether offers have room for some of the VMs only; null: drawn.</summary>
    public bool? Scarce { get; init; }

    /// <summary>How many instance types a region offers at most, of five.</summary>
    public int OffersPerSite { get; init; } = 5;

    /// <summary>Whether the VMs run already; null: drawn.</summary>
    public bool? Running { get; init; }

    /// <summary>The problem's view of the world.</summary>
    public PlacementView Make()
    {
        // Neighbouring seeds of Random give related sequences.
        var random = new Random(unchecked((int)((uint)Seed * 2654435761u)));
        var regions = Market.Regions.ToArray();
        random.Shuffle(regions);
        var (chosen, scarce, running) = (regions[..Sites], Scarce ?? Seed % 2 == 0, Running ?? Seed % 4 >= 2);
        // Sites with room for one to three times their share of the VMs: several are needed, and which is the question.
        var sites = Market.SitesAt(
            chosen,
            random,
            OffersPerSite,
            () => scarce ? Math.Max(1, random.Next(Vms / 5, (Vms / 2) + 2)) : null,
            () => scarce ? 1 + (int)(Vms / (double)Sites * (1.1 + (2 * random.NextDouble()))) : null);
        var hours = 1 + random.Next(24);
        var objective = Objective ?? (Seed % 5 == 0 ? Domain.Applications.Objective.Time : Domain.Applications.Objective.Cost);
        var ids = Enumerable.Range(1, Vms).Select(i => new VmId($"vm{i}")).ToImmutableArray();
        var home = random.Next(Sites);
        var left = sites.ToDictionary(site => site.Id, site => site.Offers.Select(offer => offer.Available ?? int.MaxValue)
            .Append(site.QuotaFor(new("astro"))?.Vms ?? int.MaxValue).ToArray());
        return new()
        {
            Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero),
            Sites = sites,
            Traffic = MakeTraffic(ids, random),
            Application = new()
            {
                Id = new(new("astro"), "app"),
                Objective = objective,
                Remaining = TimeSpan.FromHours(hours),
                PacketsPerExchange = 32,
                Vms = [.. ids.Select((id, i) => MakeVm(id, running ? At(sites, left, (home + (random.Next(4) == 0 ? 1 : 0)) % Sites) : null, random))],
            },
        };
    }

    private static VmSpec MakeVm(VmId id, Location? at, Random random) => new()
    {
        Id = id,
        Vcpus = random.Next(1, 5),
        MemoryBytes = random.Next(1, 13) * (1L << 30),
        DirtyBytesPerSecond = random.Next(1, 20) * 1e6,
        At = at,
    };

    private static Location? At(ImmutableArray<Domain.Sites.Site> sites, Dictionary<SiteId, int[]> left, int first)
    {
        for (var i = 0; i < sites.Length; i++)
        {
            var site = sites[(first + i) % sites.Length];
            for (var offer = 0; offer < site.Offers.Length; offer++)
            {
                if (left[site.Id][offer] > 0 && left[site.Id][^1] > 0)
                {
                    left[site.Id][offer]--;
                    left[site.Id][^1]--;
                    return new(site.Id, site.Offers[offer].Name);
                }
            }
        }

        return null;
    }

    private TrafficMatrix MakeTraffic(ImmutableArray<VmId> ids, Random random)
    {
        var pairs = new Dictionary<VmPair, Flow>();
        var groups = Math.Max(1, Vms / GroupSize);
        var wanted = (int)Math.Min(PairsPerVm * Vms, Vms * (Vms - 1.0) / 2);
        for (var tries = 0; pairs.Count < wanted * 2 && tries < wanted * 20; tries++)
        {
            var one = random.Next(Vms);
            // Within its group, every VM whose number is the same in remainders; or with anybody.
            var inside = random.NextDouble() < Inside;
            var other = inside ? ((random.Next(GroupSize) * groups) + (one % groups)) % Vms : random.Next(Vms);
            if (one != other && !pairs.ContainsKey(new(ids[one], ids[other])))
            {
                pairs[new(ids[one], ids[other])] = MakeFlow(random, inside);
                pairs[new(ids[other], ids[one])] = MakeFlow(random, inside);
            }
        }

        return new()
        {
            Period = TimeSpan.FromSeconds(30),
            Pairs = pairs.ToImmutableSortedDictionary(),
            SentOutside = ids.Where(_ => random.Next(5) == 0).ToImmutableSortedDictionary(id => id, _ => new Flow(30_000, random.Next(1_000_000, 30_000_000))),
        };
    }

    // 3 kB/s to 1 MB/s within a group, a tenth of that beyond: between noise and more than the VM costs.
    private static Flow MakeFlow(Random random, bool inside)
    {
        var bytes = Math.Pow(10, 3.5 + (random.NextDouble() * 2.5)) * (inside ? 1 : 0.1) * 30;
        return new(Math.Ceiling(bytes / random.Next(400, 1400)), Math.Ceiling(bytes));
    }
}
