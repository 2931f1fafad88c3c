using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Grains.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class FederationGrainTests
{
    [Fact]
    public async Task A_name_finds_the_applications_of_all_tenants_that_have_it_and_none_whose_name_only_begins_so()
    {
        await using var cluster = await Cluster.Start();
        var federation = cluster.Grains.Federation();
        string[] all = ["astro/cg.1", "bio/cg.3", "astro/c.1", "astro/cg-2.1", "astro/cg2.1", "bio/cg02.1", "zoo/cg.12", "astro/x.1"];
        foreach (var application in all)
        {
            await federation.RegisterApplication(AppId.Parse(application), needs: null);
        }

        foreach (var name in (string[])["cg", "c", "cg2", "cg02", "cg-2", "x", "a", "cg1", "zz"])
        {
            (await federation.ApplicationsNamed(name)).Select(found => found.Key).ShouldBe(
                all.Where(application => AppId.Parse(application).Name == name), ignoreOrder: true, name);
        }
    }
}
