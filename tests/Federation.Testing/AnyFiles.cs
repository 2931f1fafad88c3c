using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
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

    private static readonly Gen<SiteMoves> SiteMoves =
        from live in Gen.Bool
        from rate in Rate.Nullable(0.5)
        from spans in Span.Nullable(0.5).Array[2]
        from converge in Gen.Bool
        select new SiteMoves { Live = live, BytesPerSecond = rate, Downtime = spans[0], Duration = spans[1], AutoConverge = converge };

    private static readonly Gen<GuestImage> Image =
        from digest in Gen.Byte.Array[32]
        from sources in Gen.OneOf(Lower.Select(name => $"https://{name}.example/a%20b?c=d"), Lower.Select(name => $"file:///srv/{name}.qcow2")).Array[1, 3]
        select new GuestImage("", Convert.ToHexStringLower(digest), [.. sources]);

    private static readonly Gen<VmDisk> Disk =
        from image in Gen.Int[0, 1].Nullable(0.3)
        from size in Bytes
        from written in Gen.Double[0, 1].Nullable(0.5)
        from rate in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1e15])
        select new VmDisk("", image is { } number ? $"i{number}" : null, size, written is { } share ? (long)(share * size) : null, rate);

    private static readonly Gen<VmKernel> Kernel =
        from initrd in Gen.Bool
        from arguments in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char[' ', '~'], 1, 40])
        select new VmKernel("i0", initrd ? "i1" : null, arguments);

    private static readonly Gen<VmGuest> Guest =
        from words in Word.Null(0.5).Array[2]
        from architecture in Gen.OneOf("x86_64", "aarch64")
        from kernel in Kernel.Null(0.5)
        from disks in Disk.Array[0, 3]
        from text in Gen.OneOf(Gen.String[Gen.Char["ab#:\n\t ${}'\"-é"], 0, 40], Gen.Const("#cloud-config\npassword: ${secret:root}\n")).Null(0.5)
        from nics in Gen.Bool
        select new VmGuest
        {
            Hardware = new(architecture, words[0], words[1]),
            Kernel = kernel,
            Disks = [.. disks.Select((disk, index) => disk with { Name = $"d{index}" })],
            UserData = text,
            Nics = nics ? [new(null, [])] : [],
        };

    private static readonly Gen<SitePolicy> Policy =
        from tenants in Gen.OneOf(Word, Gen.Const("*")).Array[0, 3]
        from residency in Tags
        from migrationsIn in Gen.Int[0, 9].Nullable(0.5)
        from migrationsOut in Gen.Int[0, 9].Nullable(0.5)
        from arrivals in Window.Array[0, 2]
        from departures in Window.Array[0, 2]
        from approval in Gen.Bool
        from leaving in Gen.Bool
        from moves in SiteMoves
        select new SitePolicy
        {
            Moves = moves,
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

    private static readonly Gen<Link> Link = Gen.Select(Latency, Rate, Money, Gen.Enum<LinkEncryption>(), Rate.Nullable(), Gen.Enum<LinkPath>(), (latency, rate, egress, encryption, encrypted, path) =>
        new Link(latency, rate, egress) { Encryption = encryption, EncryptedBytesPerSecond = encrypted, Path = encryption == LinkEncryption.Off ? LinkPath.Direct : path });

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
        from images in Image.Array[0, 2]
        select new Site
        {
            Images = [.. images.Select((image, index) => image with { Name = $"i{index}" })],
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
        from guest in Guest.Null(0.5)
        from reached in Gen.OneOf(SiteName.Select(site => new PublicWish(site, null)), Gen.Const(new PublicWish(null, Domain.Identity.Address.Parse("203.0.113.0")))).Null(0.5)
        select new VmSpec
        {
            Guest = guest,
            Public = reached,
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
        from subnet in Gen.Select(Gen.UInt, Gen.Int[Subnet.Shortest, Subnet.Longest], (number, length) => Subnet.Of(Domain.Identity.Address.IPv4([.. BitConverter.GetBytes(number)]), length)).Nullable(0.5)
        from hasSets in Gen.Bool
        from images in Image.Array[2]
        from limits in Span.Nullable(0.5).Array[2]
        from yes in Gen.Bool.Array[2]
        from cold in Gen.Select(Gen.OneOf(Gen.Const(TimeSpan.Zero), Span), Span, (lost, boot) => new ColdMoves(lost, boot) { Downtime = lost < boot ? boot : null }).Null(0.5)
        from restarts in Gen.Select(Gen.OneOf(Gen.Const(TimeSpan.Zero), Span), Span, (lost, boot) => new Restarts(lost, boot)).Null(0.5)
        from missed in Gen.Enum<MissedLimit>()
        select new Application
        {
            Images = [images[0] with { Name = "i0" }, images[1] with { Name = "i1", Sources = [] }],
            Moves = new() { Downtime = limits[0], Duration = limits[1], AutoConverge = yes[0], WhenMissed = missed == MissedLimit.Cold && cold is null ? MissedLimit.Stay : missed },
            ColdMoves = cold,
            Restarts = restarts,
            Restart = yes[1],
            Id = new(new(tenant), name),
            Objective = objective,
            Deadline = spans[0],
            Retention = spans[1],
            Network = network,
            Subnet = subnet,
            Remaining = remaining,
            Budget = budget,
            Overlap = shares[0],
            Margin = shares[1],
            PredictionError = shares[2],
            PacketsPerExchange = yes[1] ? reals[0] + 1 : null,
            MovingMargin = reals[1],
            HarmLimit = reals[2],
            Detection = new() { Detector = detector, Metric = metric },
            Vms = [.. vms.Select((vm, index) => Of(vm, index, hasSets))],
            Prefer = hasSets && vms.Length > 1 ? [new([Name(0), Name(1)], [new("rennes")], (decimal)(int)Math.Min(reals[2], 1e6) / 8), new([], [new("lyon"), new("rennes")], 2)] : [],
            Together = hasSets && vms.Length > 3 ? [[Name(0), Name(1)]] : [],
            Apart = hasSets && vms.Length > 3 ? [new([Name(1), Name(2), Name(3)], 2)] : [],
        };

    private static VmSpec Of(VmSpec vm, int index, bool hasSets)
    {
        ImmutableArray<Address> addresses = [.. vm.Addresses.Select((address, each) => Address((int)address.Kind - 1, (index * 10) + each))];
        return vm with
        {
            Id = Name(index),
            Addresses = addresses,
            Public = vm.Public?.Address is null ? vm.Public : new(null, Domain.Identity.Address.Parse($"203.0.113.{index}")),
            Sites = hasSets ? null : vm.Sites,
            Guest = vm.Guest is { Nics: [_] } guest ? guest with { Nics = [new(Address(2, 200 + index), [.. addresses.Where(address => address.Kind != AddressKind.Mac)]), new(null, [])] } : vm.Guest,
        };
    }

    private static VmId Name(int index) => new($"vm:{index}");

    private static Address Address(int kind, int number) => Domain.Identity.Address.Parse(kind switch
    {
        0 => $"10.0.0.{number}",
        1 => $"2001:db8::{number:x}",
        _ => $"52:54:00:00:00:{number:x2}",
    });
}
