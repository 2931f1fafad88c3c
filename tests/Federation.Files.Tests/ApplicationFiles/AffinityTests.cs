using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

public sealed class AffinityTests
{
    private const string Cluster = """
        application: cg
        tenant: astro
        objective: cost
        remaining: 2h
        vms: { count: 4, prefix: vm, vcpus: 2, memory: 4GiB }

        """;

    private static readonly Dictionary<SiteId, Site> ThreeSites = ((string[])["a", "b", "c"])
        .Select(name => SiteFile.Parse(Samples.SiteNamed(name), name).Value!).ToDictionary(site => site.Id);

    [Fact]
    public void Sets_that_belong_together_and_sets_to_be_spread_are_read_also_of_the_short_form()
    {
        var application = Read(Cluster + "together: [[vm1, vm2]]\napart: [{ vms: [vm1, vm3, vm4], sites: 2 }, [vm3, vm4]]\n");
        application.Together.ShouldHaveSingleItem().ShouldBe(Vms("vm1", "vm2"));
        application.Apart.Select(spread => spread.Sites).ShouldBe([2, 2]);
        application.Apart[0].Vms.ShouldBe(Vms("vm1", "vm3", "vm4"));
        application.Apart[1].Vms.ShouldBe(Vms("vm3", "vm4"));
    }

    [Fact]
    public void A_spread_without_a_number_of_sites_gives_each_VM_its_own() =>
        Read(Cluster + "apart: [{ vms: [vm1, vm2, vm3] }]\n").Apart.ShouldHaveSingleItem().Sites.ShouldBe(3);

    [Theory]
    [InlineData("atMost: 1", 3, 1)]
    [InlineData("atMost: 2", 2, 2)]
    [InlineData("atMost: 3", 1, 3)]
    [InlineData("sites: 3, atMost: 2", 3, 2)]
    public void How_many_may_be_at_one_site_asks_for_as_many_sites(string keys, int sites, int most)
    {
        var spread = Read(Cluster + $"apart: [{{ vms: [vm1, vm2, vm3], {keys} }}]\n").Apart.ShouldHaveSingleItem();
        (spread.Sites, spread.MostAtOne).ShouldBe((sites, most));
        ApplicationFile.ToJson(Read(Cluster + $"apart: [{{ vms: [vm1, vm2, vm3], {keys} }}]\n")).ShouldContain($"\"sites\":{sites},\"atMost\":{most}");
    }

    [Fact]
    public void Left_out_there_are_no_rules()
    {
        var application = Read(Cluster);
        application.Together.ShouldBeEmpty();
        application.Apart.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        var application = Read(Cluster + "together: [[vm1, vm2]]\napart: [{ vms: [vm1, vm3, vm4], sites: 2 }]\n");
        var json = ApplicationFile.ToJson(application);
        json.ShouldContain("\"together\":[[\"vm1\",\"vm2\"]],\"apart\":[{\"vms\":[\"vm1\",\"vm3\",\"vm4\"],\"sites\":2}]");
        ApplicationFile.ToJson(Read(json)).ShouldBe(json);
    }

    [Theory]
    [InlineData("together: [[vm1, vn2]]", "together[0][1]", "is no VM", "'vm2'")]
    [InlineData("together: [[vm1]]", "together[0]", "fewer than two", "[vm1, vm2]")]
    [InlineData("together: [vm1, [vm2, vm3]]", "together[0]", "is a single value", "list")]
    [InlineData("together: [[vm1, vm1]]", "together[0][1]", "twice", "once")]
    [InlineData("apart: [{ vms: [vm1, vm2], sites: 3 }]", "apart[0].sites", "more than the 2 VMs", "2 or less")]
    [InlineData("apart: [{ vms: [vm1, vm2], sites: 0 }]", "apart[0].sites", "less than 1", "1 or more")]
    [InlineData("apart: [{ vm: [vm1, vm2], vms: [vm1, vm2] }]", "apart[0].vm", "unknown key", "'vms'")]
    [InlineData("together: [[vm1, vm2, vm3]]\napart: [{ vms: [vm1, vm2, vm4], atMost: 1, sites: 2 }]", "apart[0].atMost", "lets 1 of them be at one site, and 2 have to be together", "write 2 or more")]
    [InlineData("together: [[vm1, vm2], [vm2, vm3]]\napart: [[vm1, vm3]]", "apart[0]", "asks for 2 sites", "1 at most")]
    [InlineData("apart: [[vm1, vm2, vm3, vm4]]", "apart[0]", "asks for 4 sites, the federation has 3", "sites: 3 }")]
    [InlineData("without: [b]\napart: [[vm1, vm2, vm3]]", "apart[0]", "asks for 3 sites, the federation has 2 that are not left out", "sites: 2 }")]
    [InlineData("without: [b, d]", "without[1]", "is no site of this federation", "there are a, b, c")]
    [InlineData("without: [a, b, c]", "without", "leaves out every site of this federation", "leave one in")]
    [InlineData("without: []", "without", "is empty", "leave it out if no site is left out")]
    [InlineData("apart: [{ vms: [vm1, vm2, vm3, vm4], sites: 4 }]", "apart[0]", "asks for 4 sites, the federation has 3", "describe more sites")]
    public void A_broken_rule_is_one_fault_that_says_where_and_what_would_be_right(string rules, string key, string problem, string remedy)
    {
        var parsed = ApplicationFile.Parse(Cluster + rules + "\n", "cg.yaml", ThreeSites);
        parsed.Value.ShouldBeNull();
        var fault = parsed.Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }

    [Theory]
    [InlineData("together: [[vm1, vm2]]", "[a]", "[b]", "together[0]", "can be at no site")]
    [InlineData("together: [[vm1, vm3], [vm2, vm3]]", "[a, b]", "[c]", "together[1]", "can be at no site")]
    [InlineData("apart: [[vm1, vm2]]", "[a]", "[a]", "apart[0]", "asks for 2 sites")]
    [InlineData("together: [[vm1, vm3]]\napart: [[vm2, vm3]]", "[a]", "[a]", "apart[0]", "asks for 2 sites")]
    public void Sets_that_the_sites_of_their_VMs_leave_no_room_for_are_one_fault(string rules, string sitesOf1, string sitesOf2, string key, string problem)
    {
        var text = $"""
            application: cg
            tenant: astro
            objective: cost
            remaining: 2h
            vms:
              - vm: vm1
                vcpus: 2
                memory: 4GiB
                sites: {sitesOf1}
              - vm: vm2
                vcpus: 2
                memory: 4GiB
                sites: {sitesOf2}
              - vm: vm3
                vcpus: 2
                memory: 4GiB
            {rules}
            """;
        var fault = ApplicationFile.Parse(text, "cg.yaml").Faults.ShouldHaveSingleItem();
        (fault.Key, fault.Line > 0).ShouldBe((key, true));
        fault.Problem.ShouldContain(problem);
    }

    [Fact]
    public void Sets_that_contradict_each_other_are_told_with_all_other_faults()
    {
        var text = Cluster.Replace("objective: cost", "objective: fame", StringComparison.Ordinal) + "together: [[vm1, vm2, vm9]]\napart: [[vm1, vm2], [vm1, vm2, vm3, vm4]]\n";
        ApplicationFile.Parse(text, "cg.yaml", ThreeSites).Faults.Select(fault => fault.Key).ShouldBe(["objective", "together[0][2]", "apart[0]", "apart[1]"]);
    }

    private static Application Read(string text) => ApplicationFile.Parse(text, "cg.yaml").Value.ShouldNotBeNull();

    private static VmId[] Vms(params string[] names) => [.. names.Select(name => new VmId(name))];
}
