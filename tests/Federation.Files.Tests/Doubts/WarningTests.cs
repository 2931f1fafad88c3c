using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Yaml;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.Doubts;

/// <summary>What is allowed and hardly meant: one warning each, at its key, and the file is taken.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("latency: 12ms", "latency: 15s", "links.aws-eu-west-3.latency", "longer than any network needs", "15ms")]
    [InlineData("latency: 0.1ms", "latency: 2s", "network.latency", "longer than any network needs", "2ms")]
    [InlineData("tenant: astro, vcpus: 64", "tenant: astro, vcpus: 3", "quotas[0].vcpus", "below the smallest offer, std-4 (4 vCPUs, 16GiB): no VM of astro", "write 0")]
    [InlineData("memory: 256GiB", "memory: 8GiB", "quotas[0].memory", "below the smallest offer", "raise it")]
    [InlineData("capacity: { vcpus: 96", "capacity: { vcpus: 4", "capacity.vcpus", "leaves less than the smallest offer", "raise it")]
    public void In_a_site(string right, string wrong, string key, string problem, string remedy)
    {
        Warnings.Of(Site(Samples.Site)).ShouldBeEmpty();
        var text = Samples.Site.Replace(right, wrong, StringComparison.Ordinal);
        ShouldSay(Warnings.Of(Site(text)), key, problem, remedy);
        KeyLines.Of(text, text.Length).LineOf(key).ShouldBe(Samples.Site.LineOf(right));
    }

    [Theory]
    [InlineData("vcpus: 64", "vcpus: 0")]
    [InlineData("memory: 256GiB", "memory: 0B")]
    [InlineData("vms: 32", "vms: 0")]
    public void A_quota_of_nothing_is_meant(string right, string wrong) =>
        Warnings.Of(Site(Samples.Site.Replace(right, wrong, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void A_link_without_a_way_back_is_told_once_in_a_folder_and_from_both_ends_of_a_change()
    {
        var (here, there) = (Site(Samples.SiteNamed("here", "links: { there: { latency: 1ms, bandwidth: 1Gbps, egressPerGB: 0 } }")), Site(Samples.SiteNamed("there")));
        var (site, warning) = Warnings.Among([here, there]).ShouldHaveSingleItem();
        (site.Id.Value, warning.Key, warning.Problem).ShouldBe(("here", "links.there", "has no way back: there has no link to here"));
        ShouldSay(Warnings.Of(here, [here, there]), "links.there", "has no way back", "to there");
        ShouldSay(Warnings.Of(there, [here, there]), "links", "has no way back to here", "here: ...");
        Warnings.Of(here, [here]).ShouldBeEmpty();
    }

    [Fact]
    public void A_deadline_under_the_remaining_time_is_told() =>
        ShouldSay(Warnings.Of(Application("remaining: 2h\ndeadline: 1h")), "deadline", "is under the remaining time of 2h", "leave it out");

    [Fact]
    public void An_image_that_nobody_says_where_to_have_is_told()
    {
        var digest = new string('a', 64);
        var application = Application($"remaining: 2h\nimages: [{{ image: debian, sha256: {digest} }}]");
        Site[] without = [Site(Samples.Site)];
        ShouldSay(Warnings.Of(application, without), "images[0]", "has no sources, and no site has a copy", "write 'sources'");
        Site[] with = [Site($"{Samples.Site}\nimages: [{{ image: theirs, sha256: {digest}, sources: [\"file:///srv/debian\"] }}]")];
        Warnings.Of(application, with).ShouldBeEmpty();
        Warnings.Of(Application($"remaining: 2h\nimages: [{{ image: debian, sha256: {digest}, sources: [\"file:///srv/debian\"] }}]"), without).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("memory: 4GiB", "memory: 64GiB", "vms[0].memory", "more than any offer that vm1 may take has (as of 3 more VMs)", "32GiB or less")]
    [InlineData("vcpus: 2", "vcpus: 16", "vms[0].vcpus", "more than any offer that vm1 may take has", "write 8 or less")]
    [InlineData("memory: 4GiB", "memory: 4GiB, residency: [eu, mars]", "vms[0].residency", "asks for eu, mars, which no site", "they offer eu, fr")]
    [InlineData("memory: 4GiB", "memory: 4GiB, sites: [renes]", "vms[0].sites", "names renes, which is no site", "the nearest is 'rennes'")]
    [InlineData("tenant: astro", "tenant: bio", "tenant", "is admitted by no site", "policy.tenants")]
    public void What_no_site_gives_is_told_once_for_VMs_that_are_alike(string right, string wrong, string key, string problem, string remedy)
    {
        Site[] sites = [Site(Samples.Site.Replace("[astro, \"*\"]", "[astro]", StringComparison.Ordinal).Replace("32GB", "32GiB", StringComparison.Ordinal))];
        var text = Text("remaining: 2h");
        Warnings.Of(ApplicationFile.Parse(text, "x").Value!, sites).ShouldBeEmpty();
        ShouldSay(Warnings.Of(ApplicationFile.Parse(text.Replace(right, wrong, StringComparison.Ordinal), "x").Value!, sites), key, problem, remedy);
    }

    [Theory]
    [InlineData("apart: [[vm1, vm2, vm3]]", "apart[0]", "asks for 3 sites, and those that take its VMs leave room for 2 at most", "write sites: 2 or less")]
    [InlineData("together: [[vm1, vm2]]\napart: [[vm1, vm3], [vm2, vm3, vm4]]", "apart[1]", "asks for 3 sites", "let more sites take")]
    public void Sets_that_no_sites_leave_room_for_are_told(string rules, string key, string problem, string remedy)
    {
        // The third site does not admit the tenant.
        Site[] sites = [Large("a"), Large("b"), Large("c", "policy: { tenants: [bio] }")];
        ShouldSay(Warnings.Of(Application($"remaining: 2h\n{rules}"), sites), key, problem, remedy);
        Warnings.Of(Application($"remaining: 2h\n{rules}"), [.. sites, Large("d")]).ShouldBeEmpty();

        static Site Large(string name, string more = "") => Site(Samples.SiteNamed(name, more).Replace("vcpus: 1, memory: 1GiB", "vcpus: 4, memory: 8GiB", StringComparison.Ordinal));
    }

    [Fact]
    public void Sites_that_are_left_out_take_no_VM_and_are_told_where_none_is_left()
    {
        Site[] sites = [Site(Samples.SiteNamed("a")), Site(Samples.SiteNamed("b"))];
        Warnings.Of(Small("without: [b]"), sites).ShouldBeEmpty();
        ShouldSay(Warnings.Of(Small("without: [a, b]"), sites), "without", "leaves out every site that admits the tenant", "leave one of them in");
        ShouldSay(Warnings.Of(Small("without: [a]", ", sites: [a]"), sites), "vms[0].sites", "or are left out", "those that do are b");
        ShouldSay(Warnings.Of(Small("without: [a]\napart: [[vm1, vm2]]"), sites), "apart[0]", "leave room for 1 at most", "let more sites take");

        static Application Small(string more, string ofVms = "") => ApplicationFile.Parse(
            Text($"remaining: 2h\n{more}").Replace("vcpus: 2, memory: 4GiB", $"vcpus: 1, memory: 1GiB{ofVms}", StringComparison.Ordinal), "x").Value.ShouldNotBeNull();
    }

    [Fact]
    public void A_warning_reads_as_one_line_and_an_item_of_the_short_form_is_found_at_its_key()
    {
        var text = Text("remaining: 2h");
        KeyLines.Of(text, text.Length).LineOf("vms[7].memory").ShouldBe(text.LineOf("vms:"));
        new Warning("vms[7].memory", "64GiB", "is much", "write less").At("cg.yaml", 5).ShouldBe("cg.yaml:5: warning: vms[7].memory: '64GiB' is much; write less");
    }

    [Fact]
    public void The_example_federation_and_its_application_give_no_warning()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "sites");
        var sites = FederationDirectory.Read(folder).Value.ShouldNotBeNull().Values.ToList();
        Warnings.Among(sites).ShouldBeEmpty();
        Warnings.Of(ApplicationFile.Parse(File.ReadAllText(Path.Combine(folder, "examples", "cg-8.yaml")), "x").Value!, sites).ShouldBeEmpty();
    }

    private static string Text(string more) =>
        $"application: cg\ntenant: astro\nobjective: cost\n{more}\nvms: {{ count: 4, vcpus: 2, memory: 4GiB }}\n";

    private static Application Application(string more) => ApplicationFile.Parse(Text(more), "x").Value.ShouldNotBeNull();

    private static Site Site(string text) => SiteFile.Parse(text, "x").Value.ShouldNotBeNull();

    private static void ShouldSay(IEnumerable<Warning> warnings, string key, string problem, string remedy)
    {
        var warning = warnings.ShouldHaveSingleItem();
        warning.Key.ShouldBe(key);
        warning.Problem.ShouldContain(problem);
        warning.Remedy.ShouldContain(remedy);
    }
}
