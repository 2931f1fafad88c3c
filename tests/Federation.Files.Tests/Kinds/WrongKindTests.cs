using System.Text;
using Federation.Yaml;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.Kinds;

/// <summary>A file of another kind than the one wanted is one fault that says what it is and where it goes.</summary>
public sealed class WrongKindTests
{
    private const string Scenario = "scenario: month\nstart: 2026-11-01T00:00Z\nlength: 30d\nsites: ..\napplications: []\n";
    private const string Sensor = "sensor: host1\nserver: http://127.0.0.1:8080\ntokenFile: t\nstate: s\ncapture: { bridge: br0 }\n";

    public static TheoryData<string, string, string> NoFile => new()
    {
        { "policy: { tenants: [astro] }\n", "is the policy of a site alone", "below 'policy:'" },
        { "tenants: [astro]\nresidency: [eu]\n", "is the policy of a site alone", "below 'policy:'" },
        { Scenario, "is a scenario", "fedctl simulate" },
        { Sensor, "is the file of a sensor", "fedctl sensor run --config" },
        { """{"application":"cg","revision":3,"spec":{},"vms":[]}""", "an answer of the service about an application", "fedctl app get NAME -o yaml" },
        { """{"site":"rennes","revision":3,"spec":{},"holds":[]}""", "an answer of the service about a site", "fedctl site get NAME -o yaml" },
        { """[{"site":"rennes"},{"site":"lyon"}]""", "is a list of 2", "one file for each" },
        { """{"name":"left-pad","version":"1.0.0"}""", "has no key of", "its keys are" },
        { "apiVersion: v1\nkind: Pod\nmetadata: {}\n", "Kubernetes", "this project's form" },
        { "services: { web: {} }\n", "Compose", "this project's form" },
        { "source,destination,packets,bytes\n10.42.0.1,10.42.0.2,1,2\n", "comma-separated values", "file" },
        { AsRead([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]), "is a capture", "fedctl analyze" },
        { AsRead([0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4]), "is a capture", "fedctl analyze" },
        { AsRead([0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0]), "is a capture", "fedctl analyze" },
        { AsRead([0xA1, 0xB2, 0x3C, 0x4D, 0, 2, 0, 4]), "is a capture", "fedctl analyze" },
        { AsRead([0x0A, 0x0D, 0x0D, 0x0A, 0x1C, 0, 0, 0]), "is a capture", "fedctl analyze" },
        { AsRead([0x1F, 0x8B, 8, 0]), "is packed by gzip", "gunzip" },
        { "a\0b", "is no text", "UTF-8" },
    };

    [Theory]
    [MemberData(nameof(NoFile))]
    public void What_is_neither_a_site_nor_an_application_is_told_as_what_it_is(string text, string problem, string remedy)
    {
        ShouldSay(ApplicationFile.Parse(text, "x").Faults.ShouldHaveSingleItem(), problem, remedy);
        ShouldSay(SiteFile.Parse(text, "x").Faults.ShouldHaveSingleItem(), problem, remedy);
    }

    [Fact]
    public void A_site_file_given_as_application_is_told_and_the_other_way_round()
    {
        ShouldSay(ApplicationFile.Parse(Samples.Site, "x").Faults.ShouldHaveSingleItem(), "is a site file, not an application file", "fedctl site apply");
        ShouldSay(SiteFile.Parse(Samples.Application, "x").Faults.ShouldHaveSingleItem(), "is an application file, not a site file", "fedctl app apply");
    }

    [Fact]
    public void A_file_whose_keys_are_mistyped_is_still_the_one_that_is_wanted() =>
        ApplicationFile.Parse("aplication: cg\n", "x").Faults.ShouldContain(fault => fault.Key == "aplication" && fault.Remedy.Contains("'application'"));

    [Fact]
    public void A_file_of_something_else_is_not_repeated_at_length() =>
        ApplicationFile.Parse($"{new string('k', 100_000)}: 1\n", "x").Faults.ShouldHaveSingleItem().ToString().Length.ShouldBeLessThan(1000);

    // As everything that comes from disk or network is.
    private static string AsRead(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream([.. bytes, .. new byte[32]]), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void ShouldSay(Fault fault, string problem, string remedy)
    {
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }
}
