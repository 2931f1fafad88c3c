using Federation.Contracts;
using Federation.Files;
using Federation.Portal.Watching;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Portal.Tests.Watching;

/// <summary>A site's file that somebody has edited, held against what is in force.</summary>
public sealed class PolicyDraftTests
{
    private static readonly SiteStatus InForce = new(SiteFile.Parse(SampleFiles.Site("cheap", 0.1m).Text, "cheap.yaml").Value!, 3, new(), [], null);

    private static string Text { get; } = PolicyDraft.FileOf(InForce);

    [Fact]
    public void The_file_of_what_is_in_force_changes_nothing() => Read(Text).Changes.ShouldBeEmpty();

    [Fact]
    public void A_change_is_told_by_its_key_with_both_values()
    {
        var change = Read(Text.Replace("vcpus: 2", "vcpus: 4", StringComparison.Ordinal)).Changes.Single();
        (change.Key, change.Before, change.After).ShouldBe(("offers[std].vcpus", "2", "4"));
    }

    [Theory]
    [InlineData("vcpus: 2", "vcpus: two", "two")]
    [InlineData("memory: 4GiB", "memory: 4parsecs", "4parsecs")]
    [InlineData("kind: cloud", "kind: fog", "fog")]
    [InlineData("region: \"\"", "regoin: \"\"", "regoin")]
    public void A_fault_is_told_where_it_stands_and_nothing_is_made_of_the_text(string said, string edited, string wrong)
    {
        Text.ShouldContain(said);
        var draft = Read(Text.Replace(said, edited, StringComparison.Ordinal));
        draft.Site.ShouldBeNull();
        var fault = draft.Faults.First(fault => fault.Text.Contains(wrong, StringComparison.Ordinal));
        draft.Text.Split('\n')[fault.Line - 1][(fault.Column - 1)..].ShouldStartWith(wrong);
    }

    [Fact]
    public void A_text_that_is_no_YAML_has_a_line()
    {
        var fault = Read(Text.Replace("kind: cloud", "kind: [cloud", StringComparison.Ordinal)).Faults.First();
        fault.Line.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Another_site_is_not_made_by_editing_this_one()
    {
        var draft = Read(Text.Replace("site: cheap", "site: other", StringComparison.Ordinal));
        draft.Site.ShouldBeNull();
        draft.Faults.Single().ShouldBe(new TextRemark(1, 7, "site: 'other' is not cheap, which is edited; keep the name; another site has a file of its own"));
    }

    [Fact]
    public void What_is_hardly_meant_is_told_and_taken()
    {
        var draft = Read(Text.Replace("latency: 10ms", "latency: 15s", StringComparison.Ordinal));
        draft.Site.ShouldNotBeNull();
        draft.Odd.ShouldContain(odd => odd.Line > 0 && odd.Text.Contains("links.dear.latency", StringComparison.Ordinal));
    }

    private static PolicyDraft Read(string text) => PolicyDraft.Read(text, InForce, [InForce.Site], new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
}
