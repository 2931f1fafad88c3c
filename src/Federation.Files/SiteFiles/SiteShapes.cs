using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Files.Images;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;
using static Federation.Yaml.Shapes.Key;

namespace Federation.Files.SiteFiles;

/// <summary>The mappings of a site file.</summary>
internal static class SiteShapes
{
    public static readonly Shape Site = new("site",
        Must("site", "rennes"), Must("kind", "grid"), May("region", "eu-west"), May("currency", "USD"),
        Must("offers", "[{ name: std-4, vcpus: 4, memory: 16GiB, price: 0 }]", Limits.Site.Offers), May("billing", "{ increment: 1s, minimum: 60s }"),
        May("energy", "{ wattsPerVcpu: 8, gramsPerKWh: 56 }"),
        Must("network", "{ latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0 }"),
        May("links", "{ aws-eu-west-3: { latency: 12ms, bandwidth: 2.5Gbps, egressPerGB: 0 } }", Limits.Site.Links),
        May("capacity", "{ vcpus: 64, memory: 256GiB, vms: 32, headroom: 0.1 }"), May("quotas", "[{ tenant: astro, vcpus: 64 }]", Limits.Site.Quotas),
        May("availability", "[{ from: 2026-11-23T18:00Z, until: 2026-11-24T06:00Z }]", Limits.Site.Availability), May("policy", "{ residency: [eu] }"),
        May("images", "[{ image: debian-12, sha256: ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e, sources: [\"file:///srv/images/debian-12.qcow2\"] }]", Limits.Site.Images));

    public static readonly Shape Offer = new("offer",
        Must("name", "std-4"), Must("vcpus", "4"), Must("memory", "16GiB"), May("speed", "1.0"), May("available", "32"),
        Must("price", "0.21", Limits.Site.PriceSteps));

    public static readonly Shape Entry = new("priceEntry", Must("from", "2026-11-01T00:00Z"), Must("perHour", "0.21"));

    public static readonly Shape Feed = new("priceFeed",
        Must("feed", "feeds/rennes.csv"), May("zone", "euc1-az2"), May("instanceType", "m5.xlarge"));

    /// <summary>What VMs take of power, and what that emits.</summary>
    public static readonly Shape Energy = new("energy", Must("wattsPerVcpu", "8"), May("wattsPerHost", "90"), Must("gramsPerKWh", "56", Limits.Site.PriceSteps));

    public static readonly Shape EnergyEntry = new("energyEntry", Must("from", "2026-11-01T00:00Z"), Must("grams", "56"));

    public static readonly Shape Billing = new("billing", May("increment", "1s"), May("minimum", "60s"));

    public static readonly Shape Network = new("network",
        Must("latency", "0.1ms"), Must("bandwidth", "10Gbps"), Must("internetEgressPerGB", "0"));

    public static readonly Shape Link = new("link",
        Must("latency", "12ms"), Must("bandwidth", "2.5Gbps"), Must("egressPerGB", "0"), May("encryption", "required"), May("encryptedBandwidth", "400Mbps"), May("path", "star"));

    public static readonly Shape Capacity = new("capacity", May("vcpus", "64"), May("memory", "256GiB"), May("vms", "32"), May("headroom", "0.1"));

    public static readonly Shape Quota = new("quota",
        Must("tenant", "astro"), May("vcpus", "64"), May("memory", "256GiB"), May("vms", "32"), May("coreHours", "5000"));

    public static readonly Shape Availability = new("availability", Must("from", "2026-11-23T18:00Z"), Must("until", "2026-11-24T06:00Z"));

    public static readonly Shape Policy = new("policy",
        May("tenants", "[astro, \"*\"]", Limits.Site.Tenants), May("residency", "[eu, fr]", Limits.Site.Residency), May("migrations", "{ in: 2, out: 2 }"),
        May("arrivals", "[{ days: mon-fri, from: \"20:00\", until: \"06:00\", zone: Europe/Paris }]", Limits.Site.Arrivals),
        May("departures", "[{ days: sat-sun, from: \"00:00\", until: \"00:00\", zone: Europe/Paris }]", Limits.Site.Arrivals), May("approval", "auto"),
        May("departureApproval", "auto"), May("moves", "{ live: true, bandwidth: 1Gbps, downtime: 1s, duration: 30m, autoConverge: true }"));

    public static readonly Shape Moves = new("siteMoves",
        May("live", "true"), May("bandwidth", "1Gbps"), May("downtime", "1s"), May("duration", "30m"), May("autoConverge", "true"));

    public static readonly Shape Migrations = new("migrations", May("in", "2"), May("out", "2"));

    public static readonly Shape Arrivals = new("arrivals",
        May("days", "mon-fri"), Must("from", "\"20:00\""), Must("until", "\"06:00\""), Must("zone", "Europe/Paris"));

    /// <summary>All of them, the file's own first.</summary>
    public static readonly ImmutableArray<Shape> All =
        [Site, Offer, Entry, Feed, Energy, EnergyEntry, Billing, Network, Link, Capacity, Quota, Availability, Policy, Migrations, Arrivals, Moves, ImageFiles.Copy];
}

/// <summary>The words of a site file that are one of a few.</summary>
internal static class SiteWords
{
    /// <summary>What kind of site it is.</summary>
    public static readonly Choice<SiteKind> Kinds = new(("cloud", SiteKind.Cloud), ("grid", SiteKind.Grid));

    /// <summary>Yes or no.</summary>
    public static readonly Choice<bool> YesNo = new(("true", true), ("false", false));

    /// <summary>Whether VMs' traffic is encrypted on a link.</summary>
    public static readonly Choice<LinkEncryption> Encryptions = new(("off", LinkEncryption.Off), ("on", LinkEncryption.On), ("required", LinkEncryption.Required));

    /// <summary>Which way VMs' traffic takes on a link.</summary>
    public static readonly Choice<LinkPath> Paths = new(("direct", LinkPath.Direct), ("star", LinkPath.Star));

    /// <summary>Whether plans need a person's approval: true is manual.</summary>
    public static readonly Choice<bool> Approvals = new(("auto", false), ("manual", true));
}
