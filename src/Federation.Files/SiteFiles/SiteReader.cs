using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files.Feeds;
using Federation.Files.Images;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.SiteFiles;

/// <summary>Reads the mapping of a site file as a site.</summary>
/// <param name="feeds">Where price feeds are.</param>
internal sealed class SiteReader(PriceFeeds feeds)
{
    /// <summary>The site; it holds stand-ins wherever the report got a fault.</summary>
    public Site Read(Section file)
    {
        var id = file.Read("site", Names.Site, default);
        var currency = file.Read("currency", Names.Currency, "USD");
        return new Site
        {
            Id = id,
            Kind = file.Read("kind", SiteWords.Kinds.Type, SiteKind.Cloud),
            Region = file.Read("region", Names.Line, ""),
            Currency = currency,
            Offers = new OfferReader(new PriceReader(feeds, currency)).Read(file),
            Billing = ReadBilling(file.Inner("billing", SiteShapes.Billing)),
            Energy = file.Inner("energy", SiteShapes.Energy) is { } energy ? ReadEnergy(energy) : null,
            Network = ReadNetwork(file.Inner("network", SiteShapes.Network)),
            Links = ReadLinks(file.Find("links"), id),
            Capacity = ReadCapacity(file.Inner("capacity", SiteShapes.Capacity)),
            Quotas = ReadQuotas(file),
            Availability = AvailabilityReader.Read(file),
            Images = ImageFiles.Read(file, ImageFiles.Copy),
            Policy = PolicyReader.Read(file.Inner("policy", SiteShapes.Policy)),
        };
    }

    private static Billing ReadBilling(Section? billing) => new(
        billing?.Read("increment", Durations.PositiveSpan, TimeSpan.FromSeconds(1)) ?? TimeSpan.FromSeconds(1),
        billing?.Read("minimum", Durations.Span, TimeSpan.Zero) ?? TimeSpan.Zero);

    private static SiteEnergy ReadEnergy(Section energy) => new(
        energy.Read("wattsPerVcpu", Watts, 0),
        energy.Find("gramsPerKWh") is { } grams ? PriceReader.ReadSteps(grams, SiteShapes.EnergyEntry, "grams", "figures") : PriceSchedule.Always(0))
    {
        WattsPerHost = energy.ReadOptional("wattsPerHost", HostWatts),
    };

    private static readonly ScalarType<double> HostWatts = Numbers.RealOrZero.That(watts => watts <= 100_000, "is more than 100000", "write the watts that one host takes at rest, such as 90");

    private static readonly ScalarType<double> Watts = Numbers.RealOrZero.That(watts => watts <= 100_000, "is more than 100000", "write the watts that one vCPU takes, such as 8");

    private static SiteNetwork ReadNetwork(Section? network) => network is null
        ? default
        : new(
            network.Read("latency", Durations.Latency, 0),
            network.Read("bandwidth", Rates.Bandwidth, 0),
            network.Read("internetEgressPerGB", Numbers.Money, 0));

    private static ImmutableSortedDictionary<SiteId, Link> ReadLinks(Element? links, SiteId self)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<SiteId, Link>();
        foreach (var (name, value) in (links?.Entries() ?? []).TakeWhile(_ => !links!.Report.IsFull))
        {
            var to = Names.Site.Read(name);
            if (to.Problem is not null)
            {
                value.Report.Add(value.Line, value.Path, name, to.Problem, to.Remedy!);
            }
            else if (to.Value == self)
            {
                value.Refuse("leads to the site itself", "write the site's own network under 'network'");
            }
            else if (value.AsSection(SiteShapes.Link) is { } link)
            {
                read[to.Value] = ReadLink(link);
            }
        }

        return read.ToImmutable();
    }

    private static Link ReadLink(Section link)
    {
        // A value that cannot be read is one fault, and not that of 'path' as well.
        var unread = link.Find("encryption") is null ? LinkEncryption.Off : LinkEncryption.On;
        var read = new Link(
            link.Read("latency", Durations.Latency, 0),
            link.Read("bandwidth", Rates.Bandwidth, 0),
            link.Read("egressPerGB", Numbers.Money, 0))
        {
            Encryption = link.Read("encryption", SiteWords.Encryptions.Type, unread),
            EncryptedBytesPerSecond = link.ReadOptional("encryptedBandwidth", Rates.Bandwidth),
            Path = link.Read("path", SiteWords.Paths.Type, LinkPath.Direct),
        };
        if (read is { Path: LinkPath.Star, Encryption: LinkEncryption.Off })
        {
            link.Refuse("path", "leads through a third host, and nothing is encrypted", "write 'encryption: on' or 'encryption: required' as well, or leave 'path' out");
        }

        return read;
    }

    private static SiteCapacity? ReadCapacity(Section? capacity)
    {
        if (capacity is null)
        {
            return null;
        }

        var read = new SiteCapacity(
            capacity.ReadOptional("vcpus", Numbers.CountOrZero),
            capacity.ReadOptional("memory", Sizes.Bytes),
            capacity.ReadOptional("vms", Numbers.CountOrZero),
            capacity.Read("headroom", Numbers.Share, 0));
        if (read.Headroom > 0 && capacity.Find("vcpus") is null && capacity.Find("memory") is null && capacity.Find("vms") is null)
        {
            capacity.Refuse("headroom", "is a share of nothing", "write one of vcpus, memory, vms, or leave it out");
        }

        return read;
    }

    private static ImmutableArray<Quota> ReadQuotas(Section file)
    {
        var tenants = new HashSet<string>();
        var quotas = ImmutableArray.CreateBuilder<Quota>();
        foreach (var quota in file.Sections("quotas", SiteShapes.Quota))
        {
            var tenant = quota.Read("tenant", Names.TenantOrAny, "");
            if (tenant.Length > 0 && !tenants.Add(tenant))
            {
                quota.Refuse("tenant", "has a quota already", "keep one of the two");
            }

            quotas.Add(new(
                tenant,
                quota.ReadOptional("vcpus", Numbers.CountOrZero),
                quota.ReadOptional("memory", Sizes.Bytes),
                quota.ReadOptional("vms", Numbers.CountOrZero),
                quota.ReadOptional("coreHours", Numbers.RealOrZero)));
        }

        return quotas.ToImmutable();
    }
}
