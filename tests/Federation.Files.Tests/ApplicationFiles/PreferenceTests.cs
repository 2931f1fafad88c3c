using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

public sealed class PreferenceTests
{
    private const string Cluster = """
        application: cg
        tenant: astro
        objective: cost
        remaining: 2h
        without: [b]
        vms: { count: 4, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }

        """;

    private static readonly Dictionary<SiteId, Site> Federation = new[] { "a", "b" }.ToDictionary(name => new SiteId(name), name => SiteFile.Parse(Samples.SiteNamed(name), name).Value!);

    [Fact]
    public void A_preference_is_of_some_VMs_or_all_and_is_written_as_it_was_read()
    {
        var application = Read("prefer: [{ vms: [vm1, vm3], sites: [a, b], pricePerHour: 0.5 }, { sites: [a], pricePerHour: 2 }]");
        application.Prefer.Select(preference => (string.Join(' ', preference.Vms), string.Join(' ', preference.Sites), preference.PricePerHour)).ShouldBe([("vm1 vm3", "a b", 0.5m), ("", "a", 2)]);
        var json = ApplicationFile.ToJson(application);
        json.ShouldContain("\"prefer\":[{\"vms\":[\"vm1\",\"vm3\"],\"sites\":[\"a\",\"b\"],\"pricePerHour\":0.5},{\"sites\":[\"a\"],\"pricePerHour\":2}]");
        ApplicationFile.ToJson(ApplicationFile.Parse(json, "again").Value!).ShouldBe(json);
        ApplicationFile.ToJson(Read("")).ShouldNotContain("prefer");
    }

    [Theory]
    [InlineData("{ vms: [vm9], sites: [a], pricePerHour: 1 }", "prefer[0].vms[0]", "is no VM of this application", "vm")]
    [InlineData("{ vms: [vm1, vm1], sites: [a], pricePerHour: 1 }", "prefer[0].vms[1]", "is named twice", "once")]
    [InlineData("{ vms: [], sites: [a], pricePerHour: 1 }", "prefer[0].vms", "is empty", "all VMs")]
    [InlineData("{ sites: [c], pricePerHour: 1 }", "prefer[0].sites[0]", "is no site of this federation", "a")]
    [InlineData("{ sites: [], pricePerHour: 1 }", "prefer[0].sites", "is empty", "[rennes]")]
    [InlineData("{ sites: [b], pricePerHour: 1 }", "prefer[0].sites", "that the application leaves out", "without")]
    [InlineData("{ sites: [a], pricePerHour: -1 }", "prefer[0].pricePerHour", "", "")]
    public void A_broken_preference_is_one_fault_that_says_where_and_what_would_be_right(string preference, string key, string problem, string remedy)
    {
        var fault = ApplicationFile.Parse($"{Cluster}prefer: [{preference}]\n", "cg.yaml", Federation).Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }

    [Fact]
    public void No_preference_at_all_is_said_by_leaving_it_out() =>
        ApplicationFile.Parse($"{Cluster}prefer: []\n", "cg.yaml").Faults.ShouldHaveSingleItem().Problem.ShouldBe("is empty");

    private static Application Read(string more) => ApplicationFile.Parse($"{Cluster}{more}\n", "cg.yaml", Federation).Value.ShouldNotBeNull();
}
