using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Testing;

/// <summary>Random applications, nowhere yet, partly or wholly placed in a federation.</summary>
public static class RandomApplications
{
    private const long GiB = 1L << 30;

    /// <summary>A seat that a VM may be asked to take: any offer of any site.</summary>
    public static Gen<Location> LocationIn(ImmutableArray<Site> sites) =>
        Gen.OneOf(sites.SelectMany(site => site.Offers.Select(offer => new Location(site.Id, offer.Name))).ToArray());

    /// <summary>An application of some VMs, of any objective.</summary>
    public static Gen<Application> In(ImmutableArray<Site> sites, int mostVms) =>
        from placed in Gen.OneOf(0.0, 0.5, 1.0, 1.0)
        from vms in VmIn(sites, placed).Array[1, mostVms]
        from objective in Gen.Enum<Objective>()
        from seconds in Gen.Frequency<double>((1, Gen.OneOf(3600.0, 7200.0, 86_400.0)), (1, Gen.Int[60, 200_000].Select(seconds => seconds * 0.99)))
        from overlap in Gen.Frequency<double>((1, Gen.Const(0.0)), (1, Gen.Int[0, 95].Select(percent => percent / 100.0)))
        from exchange in Gen.Frequency<double>((1, Gen.Const(1.0)), (1, Gen.Int[2, 128].Select(halves => halves / 2.0))).Nullable(0.3)
        from deadline in Gen.Double[0.8, 3].Nullable(0.7)
        from budget in Gen.Int[1, 500].Nullable(0.7)
        from margin in Gen.OneOf(0, 0.05, 0.3)
        from together in Subset(vms.Length)
        from apart in Subset(vms.Length)
        from least in Gen.Int[2, 3]
        from most in Gen.Int[1, 3].Nullable(0.5)
        from hourly in Gen.Int[1, 20].Select(amount => (decimal)amount).Nullable(0.8)
        from isLeftOut in Gen.Frequency((1, true), (9, false))
        from leftOut in LocationIn(sites)
        from preferred in LocationIn(sites)
        from preference in Gen.Int[1, 300].Select(cents => cents / 100m).Nullable(0.7)
        from cold in Gen.Select(Gen.OneOf(0, 600), Gen.OneOf(10, 60), Gen.Int[20, 400].Nullable(0.5), (lost, boot, longest) => new ColdMoves(TimeSpan.FromSeconds(lost), TimeSpan.FromSeconds(boot)) { Downtime = longest is { } seconds ? TimeSpan.FromSeconds(seconds) : null }).Null(0.7)
        from restarts in Gen.Select(Gen.OneOf(0, 600), Gen.OneOf(10, 60, 600), (lost, boot) => new Restarts(TimeSpan.FromSeconds(lost), TimeSpan.FromSeconds(boot))).Null(0.5)
        select new Application
        {
            Restarts = restarts,
            ColdMoves = cold,
            Id = new(RandomSites.Tenant, "cg"),
            Objective = objective,
            Remaining = TimeSpan.FromSeconds(seconds),
            Overlap = overlap,
            PacketsPerExchange = exchange,
            Deadline = deadline is { } times ? TimeSpan.FromSeconds(seconds * times) : null,
            Budget = budget,
            Margin = margin,
            Vms = [.. vms.Select((vm, i) => vm with { Id = new($"vm{i + 1}") })],
            Together = together is { } one ? [one] : [],
            Apart = apart is { } some ? [new(some, Math.Min(least, some.Length)) { MostAtOne = most }] : [],
            BudgetPerHour = hourly,
            Prefer = preference is { } price ? [new(together ?? [], [preferred.Site], price)] : [],
            Without = isLeftOut ? [leftOut.Site] : [],
        };

    // One rule in seven applications that have two VMs or more.
    private static Gen<ImmutableArray<VmId>?> Subset(int vms) =>
        from isRule in Gen.Frequency((1, vms > 1), (6, false))
        from order in Gen.Shuffle(Enumerable.Range(1, vms).ToArray())
        from count in Gen.Int[Math.Min(2, vms), vms]
        select isRule ? (ImmutableArray<VmId>?)[.. order.Take(count).Select(number => new VmId($"vm{number}"))] : null;

    private static Gen<VmSpec> VmIn(ImmutableArray<Site> sites, double placed) =>
        from isPlaced in Gen.Double[0, 1].Select(chance => chance < placed)
        from at in LocationIn(sites)
        from vcpus in Gen.Frequency((6, 1), (2, 2), (1, 4))
        from memory in Gen.OneOf(1, 2, 4, 8)
        from dirty in Gen.Frequency<int>((2, Gen.Const(0)), (6, Gen.Int[1, 100]), (1, Gen.Int[100, 1000]))
        from disk in Gen.Select(Gen.OneOf(0L, 1L, 10L), Gen.OneOf(0.0, 5e6, 4e7), (gigabytes, rate) => new VmDisk("root", null, 20 * GiB, gigabytes * GiB, rate)).Null(0.7)
        from residency in Gen.Frequency((5, ""), (1, "eu"))
        from allowed in Gen.Shuffle(sites.Select(site => site.Id).ToArray(), sites.Length - 1).Null(0.9)
        select new VmSpec
        {
            Id = default,
            Vcpus = vcpus,
            MemoryBytes = memory * GiB,
            DirtyBytesPerSecond = dirty * 1e6,
            At = isPlaced ? at : null,
            Guest = disk is null ? null : new() { Disks = [disk] },
            Residency = residency.Length > 0 ? [residency] : [],
            Sites = allowed?.ToImmutableSortedSet(),
        };
}
