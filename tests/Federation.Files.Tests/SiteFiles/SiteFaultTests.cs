using Shouldly;
using Xunit;

namespace Federation.Files.Tests.SiteFiles;

/// <summary>One broken rule each; the part that is replaced starts with the key that has to be named.</summary>
public sealed class SiteFaultTests
{
    [Theory]
    [InlineData("site: rennes", "site: Rennes", "site", "Rennes", "is no name", "lower-case")]
    [InlineData("site: rennes", "site:", "site", "", "has no value", "leave the key out")]
    [InlineData("kind: grid", "kind: cluster", "kind", "cluster", "is not one of cloud, grid", "write one of these")]
    [InlineData("kind: grid", "kind: [grid]", "kind", null, "is a list", "single value")]
    [InlineData("currency: USD", "currency: dollars", "currency", "dollars", "is no name", "USD")]
    [InlineData("region: eu-west", "region: \"a\\nb\"", "region", "a b", "is no line of text", "one line")]
    [InlineData("region: eu-west", "regoin: eu-west", "regoin", null, "is an unknown key", "'region'")]
    [InlineData("region: eu-west", "kind: grid", "kind", null, "is given twice, first on line 2", "keep one")]
    [InlineData("name: std-8", "name: std-4", "offers[1].name", "std-4", "is the name of another offer", "of its own")]
    [InlineData("name: std-8", "name: std 8", "offers[1].name", "std 8", "is no name", "letters")]
    [InlineData("vcpus: 4", "vcpus: 0", "offers[0].vcpus", "0", "is less than 1", "1 or more")]
    [InlineData("vcpus: 4", "vcpus: 2.5", "offers[0].vcpus", "2.5", "is no whole number", "such as 4")]
    [InlineData("vcpus: 4", "vcpus: \"4\"", "offers[0].vcpus", "4", "is a text", "without quotes")]
    [InlineData("vcpus: 4", "vcpus: {}", "offers[0].vcpus", null, "is a mapping", "single value")]
    [InlineData("memory: 16GiB", "memory: 16", "offers[0].memory", "16", "has no unit", "16GiB")]
    [InlineData("memory: 16GiB", "memory: 16gib", "offers[0].memory", "16gib", "unknown unit 'gib'", "16GiB")]
    [InlineData("memory: 16GiB", "memory: 12 parsecs", "offers[0].memory", "12 parsecs", "unknown unit 'parsecs'", "B, kB, KiB")]
    [InlineData("memory: 16GiB", "memory: -1GiB", "offers[0].memory", "-1GiB", "is negative", "16GiB")]
    [InlineData("memory: 16GiB", "memory: 0GiB", "offers[0].memory", "0GiB", "is not more than zero", "16GiB")]
    [InlineData("memory: 16GiB", "memory: 1.5B", "offers[0].memory", "1.5B", "is no whole number of bytes", "16GiB")]
    [InlineData("memory: 16GiB", "memory: 9999999999TiB", "offers[0].memory", "9999999999TiB", "is too large", "16GiB")]
    [InlineData("memory: 16GiB", "memroy: 16GiB\n    memory: 16GiB", "offers[0].memroy", null, "is an unknown key", "'memory'")]
    [InlineData("speed: 1.25", "speed: 0", "offers[1].speed", "0", "is not more than 0", "1.0")]
    [InlineData("speed: 1.25", "speed: NaN", "offers[1].speed", "NaN", "is no number", "1.5")]
    [InlineData("available: 32", "available: -1", "offers[0].available", "-1", "is negative", "0 or more")]
    [InlineData("price: 0", "price: -0.1", "offers[0].price", "-0.1", "is negative", "0 or more")]
    [InlineData("price: 0", "price: free", "offers[0].price", "free", "is no amount of money", "0.21")]
    [InlineData("price: 0", "price: []", "offers[0].price", null, "is empty", "perHour")]
    [InlineData("price: 0", "price: [{ from: 2026-11-01T00:00, perHour: 1 }]", "offers[0].price[0].from", "2026-11-01T00:00", "has no time zone", "2026-11-01T00:00Z")]
    [InlineData("price: 0", "price: [{ from: 2026-13-01T00:00Z, perHour: 1 }]", "offers[0].price[0].from", "2026-13-01T00:00Z", "is no time", "ISO 8601")]
    [InlineData("price: 0", "price: { feed: \"https://example.org/a.csv\" }", "offers[0].price.feed", "https://example.org/a.csv", "is a URL", "from files")]
    [InlineData("price: 0", "price: { feed: a.csv }", "offers[0].price.feed", "a.csv", "only a site file on disk", "write the prices")]
    [InlineData("billing: { increment: 1s", "billing: { increment: 0s", "billing.increment", "0s", "is not more than zero", "such as")]
    [InlineData("billing: { increment: 1s", "billing: { increment: 10ns", "billing.increment", "10ns", "finer than 100ns", "30s")]
    [InlineData("billing: { increment: 1s", "billing: { increment: 0", "billing.increment", "0", "has no unit", "ns, us, ms, s, m, h, d")]
    [InlineData("network: { latency: 0.1ms", "network: { latency: 3GB", "network.latency", "3GB", "unknown unit 'GB'", "ns, us, ms, s, m, h, d")]
    [InlineData("network: { latency: 0.1ms", "network: { latency: fast", "network.latency", "fast", "is not a duration", "30s")]
    [InlineData("network: { latency: 0.1ms", "network: { latency: 1e999s", "network.latency", "1e999s", "is too long", "12ms")]
    [InlineData("network: { latency: 0.1ms, bandwidth: 10Gbps", "network: { latency: 0.1ms, bandwidth: 0Gbps", "network.bandwidth", "0Gbps", "is not more than zero", "10Gbps")]
    [InlineData("network: { latency: 0.1ms, bandwidth: 10Gbps", "network: { latency: 0.1ms, bandwidth: 10Gb", "network.bandwidth", "10Gb", "unknown unit 'Gb'", "Gbps")]
    [InlineData("network: { latency: 0.1ms, bandwidth: 10Gbps", "network: { latency: 0.1ms", "network.bandwidth", null, "is missing", "bandwidth: 10Gbps")]
    [InlineData("aws-eu-west-3: { latency: 12ms", "aws-eu-west-3: { latency: -12ms", "links.aws-eu-west-3.latency", "-12ms", "is negative", "30s")]
    [InlineData("aws-eu-west-3: { latency", "aws-eu-west-3: { path: star, latency", "links.aws-eu-west-3.path", "star", "nothing is encrypted", "encryption: required")]
    [InlineData("aws-eu-west-3: { latency", "aws-eu-west-3: { path: ring, latency", "links.aws-eu-west-3.path", "ring", "is not one of direct, star", "write one of these")]
    [InlineData("aws-eu-west-3: { latency", "rennes: { latency", "links.rennes", null, "leads to the site itself", "network")]
    [InlineData("aws-eu-west-3: { latency", "AWS: { latency", "links.AWS", "AWS", "is no name", "lower-case")]
    [InlineData("capacity: { vcpus: 96", "capacity: { vcpus: -1", "capacity.vcpus", "-1", "is negative", "0 or more")]
    [InlineData("capacity: { vcpus: 96, memory: 384GiB", "capacity: { vcpus: 96, memory: 384", "capacity.memory", "384", "has no unit", "16GiB")]
    [InlineData("capacity: { vcpus: 96, memory: 384GiB, vms: 48, headroom: 0.1", "capacity: { vms: 48, headroom: 1", "capacity.headroom", "1", "is not in [0, 1)", "0.05")]
    [InlineData("capacity: { vcpus: 96, memory: 384GiB, vms: 48, headroom", "capacity: { headroom", "capacity.headroom", "0.1", "is a share of nothing", "vcpus, memory, vms")]
    [InlineData("capacity: { vcpus", "capacity: { cores: 4, vcpus", "capacity.cores", null, "is an unknown key", "vcpus")]
    [InlineData("- { tenant: \"*\", vms: 2 }", "- { tenant: astro, vms: 2 }", "quotas[1].tenant", "astro", "has a quota already", "keep one")]
    [InlineData("- { tenant: \"*\", vms: 2 }", "- { vms: 2 }", "quotas[1].tenant", null, "is missing", "tenant: astro")]
    [InlineData("- { tenant: \"*\", vms: 2 }", "- { tenant: \"*\", coreHours: -2 }", "quotas[1].coreHours", "-2", "is negative", "0 or more")]
    [InlineData("- { tenant: \"*\", vms: 2 }", "- \"*\"", "quotas[1]", "*", "is a single value", "tenant, vcpus")]
    [InlineData("- { from: 2026-11-23T18:00Z, until: 2026-11-24T06:00Z }", "- { from: 2026-11-23T18:00Z, until: 2026-11-23T18:00Z }", "availability[0].until", "2026-11-23T18:00Z", "is not after 'from'", "first instant after")]
    [InlineData("tenants: [astro, \"*\"]", "tenants: []", "policy.tenants", null, "is empty", "[\"*\"]")]
    [InlineData("tenants: [astro, \"*\"]", "tenants: astro", "policy.tenants", "astro", "is a single value", "a list")]
    [InlineData("residency: [eu, fr]", "residency: [eu, [fr]]", "policy.residency[1]", null, "is a list", "single value")]
    [InlineData("migrations: { in: 2", "migrations: { in: -2", "policy.migrations.in", "-2", "is negative", "0 or more")]
    [InlineData("arrivals: [{ days: mon-fri", "arrivals: [{ days: weekdays", "policy.arrivals[0].days", "weekdays", "names no days", "mon-fri")]
    [InlineData("arrivals: [{ days: mon-fri, from: \"20:00\"", "arrivals: [{ days: mon-fri, from: 8pm", "policy.arrivals[0].from", "8pm", "is no time of day", "00:00")]
    [InlineData("arrivals: [{ days: mon-fri, from: \"20:00\", until: \"06:00\", zone: Europe/Paris", "arrivals: [{ from: \"20:00\", until: \"06:00\", zone: Europe/Pariss", "policy.arrivals[0].zone", "Europe/Pariss", "is no known time zone", "such as Europe/Paris")]
    [InlineData("arrivals: [{ days: mon-fri, from: \"20:00\", until: \"06:00\", zone: Europe/Paris", "arrivals: [{ from: \"20:00\", until: \"06:00\", zone: ../../etc/passwd", "policy.arrivals[0].zone", "../../etc/passwd", "is no known time zone", "IANA")]
    [InlineData("approval: manual", "approval: never", "policy.approval", "never", "is not one of auto, manual", "write one of these")]
    public void A_broken_rule_is_one_fault_that_says_where_and_what_would_be_right(
        string right, string wrong, string key, string? value, string problem, string remedy)
    {
        var text = Samples.Site.Replace(right, wrong, StringComparison.Ordinal);

        var parsed = SiteFile.Parse(text, "rennes.yaml");

        parsed.Value.ShouldBeNull();
        var fault = parsed.Faults.ShouldHaveSingleItem();
        (fault.File, fault.Line, fault.Key, fault.Value).ShouldBe(("rennes.yaml", Samples.Site.LineOf(right), key, value));
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }

    [Theory]
    [InlineData("site: rennes", "site", 1)]
    [InlineData("kind: grid", "kind", 1)]
    [InlineData("    memory: 16GiB", "offers[0].memory", 6)]
    [InlineData("    price: 0", "offers[0].price", 6)]
    public void A_missing_key_is_reported_where_its_mapping_starts(string line, string key, int startsOn)
    {
        var fault = SiteFile.Parse(Samples.Site.Replace(line + "\n", "", StringComparison.Ordinal), "x.yaml").Faults.ShouldHaveSingleItem();

        (fault.Key, fault.Problem).ShouldBe((key, "is missing"));
        fault.Line.ShouldBe(startsOn);
        fault.Remedy.ShouldStartWith($"write e.g. {key.Split('.')[^1]}: ");
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var text = Samples.Site.Replace("kind: grid", "kind: x", StringComparison.Ordinal)
            .Replace("memory: 16GiB", "memory: 16", StringComparison.Ordinal)
            .Replace("zone: Europe/Paris", "zone: Nowhere", StringComparison.Ordinal);

        SiteFile.Parse(text, "x.yaml").Faults.Select(fault => fault.Key)
            .ShouldBe(["kind", "offers[0].memory", "policy.arrivals[0].zone"]);
    }

    [Fact]
    public void A_fault_reads_as_one_line()
    {
        var text = Samples.Site.Replace("memory: 16GiB", "memory: 16 parsecs", StringComparison.Ordinal);

        SiteFile.Parse(text, "rennes.yaml").Faults.ShouldHaveSingleItem().ToString().ShouldBe(
            "rennes.yaml:8: offers[0].memory: '16 parsecs' has the unknown unit 'parsecs'; "
            + "write a size such as 16GiB, in one of B, kB, KiB, MB, MiB, GB, GiB, TB, TiB");
    }
}
