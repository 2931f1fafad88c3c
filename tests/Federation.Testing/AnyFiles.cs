using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Testing;

/// <summary>Anything that a site file or an application file can say, likely or not: for what reads and writes them.</summary>
public static class AnyFiles
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcxyzABC0189._@-"], 1, 12];
    private static readonly Gen<string> Lower = Gen.String[Gen.Char["abcz019"], 1, 10];
    private static readonly Gen<SiteId> SiteName = Lower.Select(name => new SiteId(name));
    private static readonly Gen<long> Bytes = Gen.OneOf(Gen.Long[1, 1L << 46], Gen.Long[1, 1L << 16].Select(gib => gib << 30));
    private static readonly Gen<TimeSpan> Span = Gen.OneOf(Gen.Long[1, 3660L * TimeSpan.TicksPerDay].Select(TimeSpan.FromTicks), Gen.Int[1, 900].Select(hours => TimeSpan.FromHours(hours)));
    private static readonly Gen<double> Latency = Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 60], Gen.Double[1e-9, 1e-3]);
    private static readonly Gen<double> Rate = Gen.OneOf(Gen.Double[125, 1e15], Gen.Int[1, 400].Select(gigabits => gigabits * 1.25e8));
    private static readonly Gen<decimal> Money = Gen.OneOf(Gen.Int[0, 1_000_000_000].Select(whole => (decimal)whole), Gen.Int[0, 1_000_000].Select(micros => micros / 1_000_000m));
    private static readonly Gen<double> Share = Gen.Double[0, 0.999999];
    private static readonly Gen<DateTimeOffset> Instant = Gen.Long[0, 200 * 365L * 86_400].Select(seconds => DateTimeOffset.UnixEpoch.AddSeconds(seconds));
    private static readonly Gen<TimeOnly> TimeOfDay = Gen.OneOf(Gen.Int[0, 1439].Select(minute => new TimeOnly(minute / 60, minute % 60)), Gen.Long[0, TimeSpan.TicksPerDay - 1].Select(ticks => new TimeOnly(ticks)));
    private static readonly Gen<ImmutableSortedSet<string>> Tags = Word.Array[0, 3].Select(tags => tags.ToImmutableSortedSet());

    private static readonly Gen<Offer> Offer =
        from vcpus in Gen.Int[1, 4096]
        from memory in Bytes
        from speed in Gen.Double[0.001, 1000]
        from available in Gen.Int[0, 1_000_000_000].Nullable(0.5)
        from always in Gen.Bool
        from price in Money
        from steps in Gen.Select(Instant, Money, (since, perHour) => new PriceEntry(since, perHour)).Array[1, 4]
        select new Offer("", vcpus, memory, speed, available, always ? PriceSchedule.Always(price) : new(steps.DistinctBy(step => step.From)));

    private static readonly Gen<ArrivalWindow> Window =
        from days in Gen.Int[0, 6].Select(day => (DayOfWeek)day).Array[0, 7]
        from start in TimeOfDay
        from end in TimeOfDay
        from zone in Gen.OneOf("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata")
        select new ArrivalWindow([.. days], start, end, TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static readonly Gen<SitePolicy> Policy =
        from tenants in Gen.OneOf(Word, Gen.Const("*")).Array[0, 3]
        from residency in Tags
        from migrationsIn in Gen.Int[0, 9].Nullable(0.5)
        from migrationsOut in Gen.Int[0, 9].Nullable(0.5)
        from arrivals in Window.Array[0, 2]
        from departures in Window.Array[0, 2]
        from approval in Gen.Bool
        from leaving in Gen.Bool
        select new SitePolicy
        {
            Tenants = [.. tenants],
            Residency = residency,
            MigrationsIn = migrationsIn,
            MigrationsOut = migrationsOut,
            Arrivals = [.. arrivals],
            Departures = [.. departures],
            ManualApproval = approval,
            ManualDepartures = leaving,
        };

    private static readonly Gen<Quota> Quota =
        from vcpus in Gen.Int[0, 1000].Nullable(0.5)
        from memory in Gen.Long[0, 1L << 60].Nullable(0.5)
        from vms in Gen.Int[0, 1000].Nullable(0.5)
        from hours in Gen.Double[0, 1e12].Nullable(0.5)
        select new Quota("", vcpus, memory, vms, hours);

    private static readonly Gen<Link> Link = Gen.Select(Latency, Rate, Money, (latency, rate, egress) => new Link(latency, rate, egress));

    private static readonly Gen<SiteCapacity> Capacity =
        from vcpus in Gen.Int[0, 1_000_000].Nullable(0.3)
        from memory in Gen.Long[0, 1L << 60].Nullable(0.3)
        from vms in Gen.Int[0, 1_000_000]
        from headroom in Share
        select new SiteCapacity(vcpus, memory, vms, headroom);

    /// <summary>A site with every key there or not, and with any value that its file may have.</summary>
    public static Gen<Site> Site { get; } =
        from name in Lower
        from kind in Gen.Enum<SiteKind>()
        from region in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char[' ', 'ÿ'].Where(c => !char.IsControl(c)), 1, 30], Word)
        from offers in Offer.Array[1, 3]
        from increment in Span
        from minimum in Gen.OneOf(Gen.Const(TimeSpan.Zero), Span)
        from network in Gen.Select(Latency, Rate, Money, (latency, rate, egress) => new SiteNetwork(latency, rate, egress))
        from links in Gen.Select(SiteName, Link).Array[0, 3]
        from capacity in Capacity.Null(0.5)
        from quotas in Gen.Select(Gen.OneOf(Word, Gen.Const("*")), Quota).Array[0, 3]
        from availability in Gen.Select(Instant, Gen.Int[1, 10_000_000]).Array[0, 3]
        from policy in Policy
        select new Site
        {
            Id = new(name),
            Kind = kind,
            Region = region,
            Currency = "EUR",
            Offers = [.. offers.Select((offer, index) => offer with { Name = $"{index}-{name}" })],
            Billing = new(increment, minimum),
            Network = network,
            Links = links.Where(link => link.Item1.Value != name).DistinctBy(link => link.Item1).ToImmutableSortedDictionary(link => link.Item1, link => link.Item2),
            Capacity = capacity,
            Quotas = [.. quotas.DistinctBy(quota => quota.Item1).Select(quota => quota.Item2 with { Tenant = quota.Item1 })],
            Availability = Domain.Sites.Availability.Merged(availability.Select(some => new Availability(some.Item1, some.Item1.AddSeconds(some.Item2)))),
            Policy = policy,
        };

    private static readonly Gen<VmSpec> Vm =
        from vcpus in Gen.Int[1, 4096]
        from memory in Bytes
        from dirty in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1e15])
        from kind in Gen.Int[0, 2].Array[0, 3]
        from at in Gen.Select(SiteName, Word, (site, offer) => new Location(site, offer)).Nullable(0.5)
        from residency in Tags
        from sites in SiteName.Array[1, 3].Select(sites => sites.ToImmutableSortedSet()).Null(0.5)
        select new VmSpec
        {
            Id = default,
            Vcpus = vcpus,
            MemoryBytes = memory,
            DirtyBytesPerSecond = dirty,
            Addresses = [.. kind.Select((each, index) => Address(each, index))],
            At = at,
            Residency = residency,
            Sites = sites,
        };

    /// <summary>An application with every key there or not, and with any value that its file may have; sets of VMs that do not stand in each other's way.</summary>
    public static Gen<Application> Application { get; } =
        from name in Lower
        from tenant in Word
        from objective in Gen.Enum<Objective>()
        from spans in Span.Nullable(0.5).Array[2]
        from remaining in Span
        from budget in Money.Nullable(0.5)
        from shares in Share.Array[3]
        from reals in Gen.OneOf(Gen.Double[0, 1e12], Gen.Int[0, 9].Select(whole => (double)whole)).Array[3]
        from detector in Gen.Enum<DetectorKind>()
        from metric in Gen.Enum<Metric>().Nullable(0.5)
        from vms in Vm.Array[1, 5]
        from network in Lower.Null()
        from hasSets in Gen.Bool
        select new Application
        {
            Id = new(new(tenant), name),
            Objective = objective,
            Deadline = spans[0],
            Retention = spans[1],
            Network = network,
            Remaining = remaining,
            Budget = budget,
            Overlap = shares[0],
            Margin = shares[1],
            PredictionError = shares[2],
            PacketsPerExchange = reals[0] + 1,
            MovingMargin = reals[1],
            HarmLimit = reals[2],
            Detection = new() { Detector = detector, Metric = metric },
            Vms = [.. vms.Select((vm, index) => Of(vm, index, hasSets))],
            Together = hasSets && vms.Length > 3 ? [[Name(0), Name(1)]] : [],
            Apart = hasSets && vms.Length > 3 ? [new([Name(1), Name(2), Name(3)], 2)] : [],
        };

    private static VmSpec Of(VmSpec vm, int index, bool hasSets) => vm with
    {
        Id = Name(index),
        Addresses = [.. vm.Addresses.Select((address, each) => Address((int)address.Kind - 1, (index * 10) + each))],
        Sites = hasSets ? null : vm.Sites,
    };

    private static VmId Name(int index) => new($"vm:{index}");

    private static Address Address(int kind, int number) => Domain.Identity.Address.Parse(kind switch
    {
        0 => $"10.0.0.{number}",
        1 => $"2001:db8::{number:x}",
        _ => $"52:54:00:00:00:{number:x2}",
    });
}
