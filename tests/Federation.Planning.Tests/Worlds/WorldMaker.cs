using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Planning.Tests.Worlds;

/// <summary>Makes worlds in which every constraint and every term of the objectives decides now and then.</summary>
internal sealed class WorldMaker(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    private readonly Random random = new(seed);

    public PlacementView Make(int vmCount, int siteCount)
    {
        var sites = new SiteMaker(random).Make(siteCount);
        var remaining = TimeSpan.FromMinutes(Pick(30, 60, 120, 205.5));
        var vms = MakeVms(vmCount, sites);
        var traffic = MakeTraffic(vms);
        var objective = Pick(Objective.Cost, Objective.Time, Objective.Utilization);
        return new LaterDimensions(seed).Add(Shared(new()
        {
            Now = Now,
            Sites = sites,
            Traffic = traffic,
            UsedByOthers = UsedByOthers(sites),
            Groups = Chance(0.5) ? [[.. vms.Take(2).Select(vm => vm.Id)]] : [],
            Application = new()
            {
                HarmLimit = Pick(0.25, 1, 3),
                Id = new(new("astro"), "app"),
                Objective = objective,
                Remaining = remaining,
                Deadline = Chance(0.25) ? remaining * Pick(0.9, 1.2, 2, 4) : null,
                Budget = Chance(0.25) ? Pick(0.05m, 0.3m, 1m, 3m) : null,
                Overlap = Pick(0, 0, 0.5),
                PacketsPerExchange = Pick<double?>(1, 32),
                Margin = Pick(0, 0.05, 0.05, 0.3),
                Vms = vms,
                Together = Chance(0.2) && vmCount > 1 ? [Some(vms, random.Next(2, vmCount + 1))] : [],
                Apart = Chance(0.2) && vmCount > 1 ? [MakeSpread(vms)] : [],
            },
        }));
    }

    // Some sites have a capacity for all tenants; it may be less than what is there.
    private PlacementView Shared(PlacementView view)
    {
        var sites = view.Sites.Select(site => view.Application.Vms.Length <= 20 && Chance(0.25)
            ? site with { Capacity = new(Pick<int?>(null, 4, 8, 16), Pick<long?>(null, Gib(8), Gib(24)), Pick<int?>(null, 2, 4, 8), Pick(0, 0.1, 0.5)) }
            : site).ToImmutableArray();
        return view with
        {
            Sites = sites,
            UsedByAllOthers = sites.Where(site => site.Capacity is not null).ToImmutableSortedDictionary(
                site => site.Id,
                site => (view.UsedByOthers.GetValueOrDefault(site.Id) with { CoreHours = 0 }) + new Occupancy(random.Next(4), Gib(random.Next(6)), random.Next(3), 0)),
        };
    }

    private Spread MakeSpread(ImmutableArray<VmSpec> vms)
    {
        var some = Some(vms, random.Next(2, vms.Length + 1));
        return new(some, random.Next(2, Math.Min(some.Length, 3) + 1));
    }

    private ImmutableArray<VmId> Some(ImmutableArray<VmSpec> vms, int count)
    {
        var ids = vms.Select(vm => vm.Id).ToArray();
        random.Shuffle(ids);
        return [.. ids.Take(count)];
    }

    private ImmutableArray<VmSpec> MakeVms(int count, ImmutableArray<Site> sites)
    {
        // All running, none, or some; running VMs are often together, as they would be.
        var running = Pick(0, 0.5, 1, 1);
        var home = Pick([.. sites]);
        return [.. Enumerable.Range(1, count).Select(i => MakeVm(i, sites, Chance(running) ? Chance(0.6) ? home : Pick([.. sites]) : null))];
    }

    private VmSpec MakeVm(int number, ImmutableArray<Site> sites, Site? at)
    {
        var offer = at is null ? null : Pick([.. at.Offers]);
        return new()
        {
            Id = new($"vm{number}"),
            Vcpus = offer is null || Chance(0.1) ? Pick(1, 1, 2) : Math.Min(offer.Vcpus, 2),
            MemoryBytes = offer is null || Chance(0.1) ? Gib(Pick(1, 1, 2)) : Math.Min(offer.MemoryBytes, Gib(2)),
            DirtyBytesPerSecond = Pick(0, 5e6, 2e7, 2e8),
            At = at is null ? null : new(at.Id, offer!.Name),
            Residency = Chance(0.1) ? ["eu"] : [],
            Sites = Chance(0.12) ? [.. sites.Where(site => site == at || Chance(0.6)).Select(site => site.Id)] : null,
        };
    }

    private TrafficMatrix MakeTraffic(ImmutableArray<VmSpec> vms)
    {
        var density = Pick(0, 0.3, 0.8);
        var scale = Pick(1, 100, 2000);
        var pairs = ImmutableSortedDictionary.CreateBuilder<VmPair, Flow>();
        foreach (var source in vms)
        {
            foreach (var destination in vms.Where(vm => vm != source && Chance(density)))
            {
                var packets = Math.Ceiling(random.NextDouble() * scale * 30);
                pairs[new(source.Id, destination.Id)] = new(packets, packets * random.Next(60, 1500));
            }
        }

        return new()
        {
            Period = TimeSpan.FromSeconds(30),
            Pairs = pairs.ToImmutable(),
            SentOutside = vms.Where(_ => Chance(0.3)).ToImmutableSortedDictionary(vm => vm.Id, _ => new Flow(3000, random.Next(60, 3_000_000))),
        };
    }

    private ImmutableSortedDictionary<SiteId, Occupancy> UsedByOthers(ImmutableArray<Site> sites) =>
        sites.Where(_ => Chance(0.3)).ToImmutableSortedDictionary(
            site => site.Id, _ => new Occupancy(random.Next(4), Gib(random.Next(6)), random.Next(3), random.Next(6)));

    private bool Chance(double share) => random.NextDouble() < share;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];

    private static long Gib(int count) => count * (1L << 30);
}
