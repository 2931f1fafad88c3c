using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

public sealed class EndpointTests
{
    private const string Cluster = """
        application: cg
        tenant: astro
        objective: cost
        remaining: 2h
        vms: { count: 4, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB }

        """;

    private static readonly Dictionary<SiteId, Site> Federation = new() { [new("a")] = SiteFile.Parse(Samples.SiteNamed("a"), "a").Value! };

    [Fact]
    public void An_endpoint_has_a_name_addresses_and_a_site_and_is_written_as_it_was_read()
    {
        var application = Read("endpoints: [{ name: nfs, addresses: [10.42.0.250, 52:54:00:00:00:fa], site: a }, { name: users, addresses: [\"2001:db8::7\"], site: a }]");
        application.Endpoints.Select(endpoint => (endpoint.Name, endpoint.Site.Value, endpoint.Addresses.Length)).ShouldBe([("nfs", "a", 2), ("users", "a", 1)]);
        var json = ApplicationFile.ToJson(application);
        json.ShouldContain("\"endpoints\":[{\"name\":\"nfs\",\"addresses\":[\"10.42.0.250\",\"52:54:00:00:00:fa\"],\"site\":\"a\"}");
        ApplicationFile.ToJson(ApplicationFile.Parse(json, "again").Value!).ShouldBe(json);
        ApplicationFile.ToJson(Read("")).ShouldNotContain("endpoints");
    }

    [Theory]
    [InlineData("{ name: nfs, addresses: [10.42.0.2], site: a }", "endpoints[0].addresses", "holds 10.42.0.2 of VM vm2", "once")]
    [InlineData("{ name: nfs, addresses: [10.42.0.9], site: a }, { name: nfs, addresses: [10.42.0.10], site: a }", "endpoints[1].name", "name of another endpoint", "of its own")]
    [InlineData("{ name: nfs, addresses: [10.42.0.9], site: a }, { name: two, addresses: [10.42.0.9], site: a }", "endpoints[1].addresses", "of endpoint nfs", "once")]
    [InlineData("{ name: nfs, addresses: [], site: a }", "endpoints[0].addresses", "is empty", "10.42.0.250")]
    [InlineData("{ name: nfs, addresses: [10.42.0.9], site: b }", "endpoints[0].site", "is no site of this federation", "there is a")]
    public void A_broken_endpoint_is_one_fault_that_says_where_and_what_would_be_right(string endpoints, string key, string problem, string remedy)
    {
        var parsed = ApplicationFile.Parse($"{Cluster}endpoints: [{endpoints}]\n", "cg.yaml", Federation);
        var fault = parsed.Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }

    private static Application Read(string more) => ApplicationFile.Parse($"{Cluster}{more}\n", "cg.yaml", Federation).Value.ShouldNotBeNull();
}
