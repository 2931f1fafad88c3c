using System.Globalization;
using System.Text.Json;
using Federation.Domain;
using Federation.Files.ApplicationFiles;
using Federation.Files.SiteFiles;
using Federation.Yaml;
using Federation.Yaml.Shapes;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests;

/// <summary>What a file may hold at most; one beyond it is a fault that says the bound. The schemas say the same.</summary>
public sealed class BoundsTests
{
    private const string Digest = "ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e";
    private const string Machine = "vcpus: 1, memory: 1GiB";

    public static TheoryData<string, int, string> SiteLists => new()
    {
        { "offers", Limits.Site.Offers, $"{{ name: o#, {Machine}, price: 1 }}" },
        { "offers[0].price", Limits.Site.PriceSteps, "{ from: ##T00:00Z, perHour: 1 }" },
        { "quotas", Limits.Site.Quotas, "{ tenant: t#, vms: 1 }" },
        { "availability", Limits.Site.Availability, "{ from: ##T00:00Z, until: ##T01:00Z }" },
        { "policy.tenants", Limits.Site.Tenants, "t#" },
        { "policy.residency", Limits.Site.Residency, "r#" },
        { "policy.arrivals", Limits.Site.Arrivals, "{ from: \"20:00\", until: \"06:00\", zone: UTC }" },
        { "images", Limits.Site.Images, $"{{ image: i#, sha256: {Digest}, sources: [\"file:///i\"] }}" },
        { "policy.departures", Limits.Site.Arrivals, "{ from: \"20:00\", until: \"06:00\", zone: UTC }" },
    };

    public static TheoryData<string, int, string> ApplicationLists => new()
    {
        { "vms", Limits.Application.Vms, $"{{ vm: v#, {Machine} }}" },
        { "vms[0].addresses", Limits.Application.Addresses, "\"::#\"" },
        { "vms[0].residency", Limits.Application.Residency, "r#" },
        { "vms[0].sites", Limits.Application.Sites, "s#" },
        { "prefer", Limits.Application.Preferences, "{ sites: [a], pricePerHour: 1 }" },
        { "together", Limits.Application.Sets, "[vm1, vm2]" },
        { "apart", Limits.Application.Sets, "[vm1, vm2]" },
        { "images", Limits.Application.Images, $"{{ image: i#, sha256: {Digest} }}" },
        { "vms[0].disks", Limits.Application.Disks, "{ disk: d#, size: 1GiB }" },
        { "vms[0].nics", Limits.Application.Nics, "{}" },
    };

    [Theory]
    [MemberData(nameof(SiteLists))]
    public void A_list_of_a_site_holds_as_many_as_its_bound_and_not_one_more(string key, int most, string item)
    {
        SiteFile.Parse(SiteWith(key, Items(item, most)), "x.yaml").Faults.ShouldBeEmpty();
        ShouldSay(SiteFile.Parse(SiteWith(key, Items(item, most + 1)), "x.yaml"), key, most);
    }

    [Theory]
    [MemberData(nameof(ApplicationLists))]
    public void A_list_of_an_application_holds_as_many_as_its_bound_and_not_one_more(string key, int most, string item)
    {
        ApplicationFile.Parse(ApplicationWith(key, Items(item, most)), "x.yaml").Faults.ShouldBeEmpty();
        ShouldSay(ApplicationFile.Parse(ApplicationWith(key, Items(item, most + 1)), "x.yaml"), key, most);
    }

    [Fact]
    public void A_site_has_so_many_links_and_not_one_more()
    {
        static string Links(int count) => Samples.SiteNamed("here", $"links: {{ {string.Join(", ", Enumerable.Range(0, count).Select(number => $"s{number}: {{ latency: 1ms, bandwidth: 1Gbps, egressPerGB: 0 }}"))} }}");
        SiteFile.Parse(Links(Limits.Site.Links), "x.yaml").Faults.ShouldBeEmpty();
        ShouldSay(SiteFile.Parse(Links(Limits.Site.Links + 1), "x.yaml"), "links", Limits.Site.Links);
    }

    [Fact]
    public void All_offers_of_a_site_have_so_many_price_steps_together()
    {
        var steps = Items("{ from: ##T00:00Z, perHour: 1 }", Limits.Site.PriceSteps);
        var offers = Enumerable.Range(0, (Limits.Site.AllPriceSteps / Limits.Site.PriceSteps) + 1).Select(number => $"{{ name: o{number}, {Machine}, price: {steps} }}");
        SiteFile.Parse(SiteWith("offers", $"[{string.Join(", ", offers)}]"), "x.yaml").Faults.ShouldHaveSingleItem().Problem.ShouldContain($"{Limits.Site.AllPriceSteps}");
    }

    [Fact]
    public void All_sets_of_an_application_name_so_many_VMs_together()
    {
        var set = Items("vm#", 2001);
        var text = ApplicationWith("together", $"[{string.Join(", ", Enumerable.Repeat(set, 10))}]").Replace("count: 2,", "count: 2001,", StringComparison.Ordinal);
        ShouldSay(ApplicationFile.Parse(text, "x.yaml"), "together", Limits.Application.NamedInSets);
    }

    [Theory]
    [InlineData("vcpus: 1,", "vcpus: 4097,", "4096")]
    [InlineData("memory: 1GiB", "memory: 65TiB", "64TiB")]
    [InlineData("price: 1 }", "price: 1000000001 }", "1000000000")]
    [InlineData("price: 1 }", "price: 1, speed: 0.0001 }", "0.001")]
    [InlineData("price: 1 }", "price: 1, speed: 1001 }", "1000")]
    [InlineData("price: 1 }", "price: 1, speed: 1e400 }", "is no number")]
    [InlineData("price: 1 }", "price: 1, speed: Infinity }", "is no number")]
    [InlineData("price: 1 }", "price: 1, available: 1000000001 }", "1000000000")]
    [InlineData("latency: 0,", "latency: 61s,", "60s")]
    [InlineData("bandwidth: 1Gbps", "bandwidth: 999bps", "1kbps")]
    [InlineData("bandwidth: 1Gbps", "bandwidth: 8001Tbps", "8000Tbps")]
    [InlineData("internetEgressPerGB: 0", "internetEgressPerGB: 1e10", "1000000000")]
    [InlineData("site: here", "site: here\nbilling: { increment: 3661d }", "3660d")]
    [InlineData("site: here", "site: here\nquotas: [{ tenant: a, memory: 1048577TiB }]", "1048576TiB")]
    [InlineData("site: here", "site: here\nquotas: [{ tenant: a, coreHours: 2e12 }]", "1000000000000")]
    [InlineData("site: here", "site: here\navailability: [{ from: 0001-01-01T00:00Z, until: 2026-01-01T00:00Z }]", "1970")]
    [InlineData("site: here", "site: here\navailability: [{ from: 2026-01-01T00:00Z, until: 9999-01-01T00:00Z }]", "2199")]
    public void A_number_out_of_its_range_is_one_fault_that_says_the_bound(string right, string wrong, string bound) =>
        SiteFile.Parse(Samples.SiteNamed("here").Replace(right, wrong, StringComparison.Ordinal), "x.yaml").Faults.ShouldHaveSingleItem().ToString().ShouldContain(bound);

    [Fact]
    public void A_site_file_of_sixty_thousand_offers_is_not_even_read()
    {
        var parsed = SiteFile.Parse(SiteWith("offers", Items($"{{ name: o#, {Machine}, price: 1, nonsense: 1 }}", 60_000)), "x.yaml");
        parsed.Faults.ShouldHaveSingleItem().Problem.ShouldBe($"is larger than {Limits.Files.SiteBytes} bytes");
    }

    [Fact]
    public void Of_very_many_faults_the_first_are_told_and_that_there_are_more()
    {
        var parsed = SiteFile.Parse(SiteWith("offers", Items($"{{ name: o#, {Machine}, price: free }}", Limits.Site.Offers)), "x.yaml");
        parsed.Faults.Length.ShouldBe(Limits.Files.Faults + 1);
        parsed.Faults[^1].Problem.ShouldBe($"has more than {Limits.Files.Faults} faults");
    }

    [Fact]
    public void A_folder_holds_so_many_site_files_and_none_that_is_too_large()
    {
        using var folder = new TemporaryFolder();
        for (var number = 0; number <= Limits.Files.InFolder; number++)
        {
            folder.With($"s{number}.yaml", Samples.SiteNamed($"s{number}"));
        }

        FederationDirectory.Read(folder.Path).Faults.ShouldHaveSingleItem().Problem.ShouldContain($"more than {Limits.Files.InFolder}");
        File.Delete(Path.Combine(folder.Path, "s0.yaml"));
        FederationDirectory.Read(folder.Path).Faults.ShouldBeEmpty();
        folder.With("s1.yaml", Samples.SiteNamed("s1") + new string('#', Limits.Files.SiteBytes));
        FederationDirectory.Read(folder.Path).Faults.ShouldHaveSingleItem().Problem.ShouldBe($"is larger than {Limits.Files.SiteBytes} bytes");
    }

    [Fact]
    public void The_schemas_bound_every_list_as_the_reading_does()
    {
        Check("site.schema.json", SiteShapes.All);
        Check("application.schema.json", ApplicationShapes.All);
    }

    [Theory]
    [InlineData("site.schema.json", "vcpus", Limits.Number.Vcpus)]
    [InlineData("site.schema.json", "count", Limits.Number.Count)]
    [InlineData("site.schema.json", "countOrZero", Limits.Number.Count)]
    [InlineData("site.schema.json", "money", 1_000_000_000)]
    [InlineData("application.schema.json", "vcpus", Limits.Number.Vcpus)]
    [InlineData("application.schema.json", "count", Limits.Number.Count)]
    public void The_schemas_bound_numbers_as_the_reading_does(string file, string definition, int most) =>
        Schema(file).GetProperty("definitions").GetProperty(definition).GetProperty("maximum").GetInt32().ShouldBe(most);

    private static void Check(string file, IEnumerable<Shape> shapes)
    {
        var schema = Schema(file);
        foreach (var (shape, index) in shapes.Select((shape, index) => (shape, index)))
        {
            var properties = (index == 0 ? schema : schema.GetProperty("definitions").GetProperty(shape.Name)).GetProperty("properties");
            foreach (var key in shape.Keys.Where(key => key.Most != Limits.Files.Items))
            {
                MostOf(schema, properties.GetProperty(key.Name)).ShouldBe(key.Most, $"{file}: {shape.Name}.{key.Name}");
            }
        }
    }

    // Of the list itself, of what it refers to, or of that choice which is a list.
    private static int? MostOf(JsonElement schema, JsonElement property) =>
        property.TryGetProperty("$ref", out var name) ? MostOf(schema, schema.GetProperty("definitions").GetProperty(name.GetString()!.Split('/')[^1]))
        : property.TryGetProperty("anyOf", out var choices) ? choices.EnumerateArray().Select(choice => MostOf(schema, choice)).FirstOrDefault(most => most is not null)
        : property.TryGetProperty("maxItems", out var items) ? items.GetInt32()
        : property.TryGetProperty("maxProperties", out var keys) ? keys.GetInt32()
        : null;

    private static JsonElement Schema(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sites", file))).RootElement;

    private static void ShouldSay<T>(Parsed<T> parsed, string key, int bound)
        where T : class
    {
        var fault = parsed.Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Problem.ShouldContain($"more than {bound}");
    }

    // # is the item's number, ## a day of its own.
    private static string Items(string item, int count) => $"[{string.Join(", ", Enumerable.Range(1, count).Select(number => item
        .Replace("##", new DateOnly(2000, 1, 1).AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("#", $"{number}", StringComparison.Ordinal)))}]";

    private static string SiteWith(string key, string list) => key switch
    {
        "offers" => Samples.SiteNamed("here").Replace("[{ name: a, vcpus: 1, memory: 1GiB, price: 1 }]", list, StringComparison.Ordinal),
        "offers[0].price" => Samples.SiteNamed("here").Replace("price: 1 }", $"price: {list} }}", StringComparison.Ordinal),
        _ when key.StartsWith("policy.", StringComparison.Ordinal) => Samples.SiteNamed("here", $"policy: {{ {key["policy.".Length..]}: {list} }}"),
        _ => Samples.SiteNamed("here", $"{key}: {list}"),
    };

    private static string ApplicationWith(string key, string list)
    {
        const string head = "application: cg\ntenant: astro\nobjective: cost\nremaining: 2h\n";
        return key switch
        {
            "vms" => $"{head}vms: {list}\n",
            _ when key.StartsWith("vms[0].", StringComparison.Ordinal) => $"{head}vms: [{{ vm: v1, {Machine}, {key["vms[0].".Length..]}: {list} }}]\n",
            _ => $"{head}vms: {{ count: 2, {Machine} }}\n{key}: {list}\n",
        };
    }
}
