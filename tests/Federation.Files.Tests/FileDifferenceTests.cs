using Shouldly;
using Xunit;

namespace Federation.Files.Tests;

public sealed class FileDifferenceTests
{
    [Theory]
    [InlineData("region: eu-west", "region:   'eu-west'")]
    [InlineData("vcpus: 4", "vcpus: 5", "offers[std-4].vcpus 4->5")]
    [InlineData("tenants: [astro, \"*\"]", "tenants: [astro]", "policy.tenants [\"astro\",\"*\"]->[\"astro\"]")]
    [InlineData("  - { tenant: \"*\", vms: 2 }\n", "", "quotas[*].tenant \"*\"->", "quotas[*].vms 2->")]
    public void What_is_different_is_named_by_its_key(string text, string instead, params string[] changes)
    {
        var other = Samples.Site.Replace(text, instead, StringComparison.Ordinal);

        FileDifference.Between(SiteFile.Parse(Samples.Site, "a").Value, SiteFile.Parse(other, "b").Value!)
            .Select(change => $"{change.Key} {change.Before}->{change.After}").ShouldBe(changes);
    }

    [Fact]
    public void Of_a_site_that_is_new_everything_is_different() =>
        FileDifference.Between(null, SiteFile.Parse(Samples.Site, "a").Value!).ShouldAllBe(change => change.Before == null && change.After != null);
}
