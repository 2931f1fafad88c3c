using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Files.ApplicationFiles;
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
    [InlineData("together: [[vm1, vm2], [vm2, vm3]]\napart: [[vm1, vm3]]", "apart[0]", "asks for 2 sites", "1 at most")]
    public void A_broken_rule_is_one_fault_that_says_where_and_what_would_be_right(string rules, string key, string problem, string remedy)
    {
        var parsed = ApplicationFile.Parse(Cluster + rules + "\n", "cg.yaml");
        parsed.Value.ShouldBeNull();
        var fault = parsed.Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Problem.ShouldContain(problem);
        fault.Remedy.ShouldContain(remedy);
    }

    private static Application Read(string text) => ApplicationFile.Parse(text, "cg.yaml").Value.ShouldNotBeNull();

    private static VmId[] Vms(params string[] names) => [.. names.Select(name => new VmId(name))];
}

/// <summary>Pieces against a slow oracle: sets that share a VM are joined until none does.</summary>
public sealed class PiecesTests
{
    [Fact]
    public void VMs_fall_into_as_many_pieces_as_joining_sets_one_by_one_leaves() =>
        Gen.Int[0, 14].Select(number => new VmId($"vm{number}")).Array[2, 5].Select(set => set.Distinct().ToImmutableArray()).Array[0, 6].Select(sets => sets.ToImmutableArray())
            .Sample(together =>
            {
                ImmutableArray<VmId> all = [.. Enumerable.Range(0, 15).Select(number => new VmId($"vm{number}"))];
                new Pieces(together).In(all).ShouldBe(Joined(all, together));
            });

    private static int Joined(ImmutableArray<VmId> all, ImmutableArray<ImmutableArray<VmId>> together)
    {
        var pieces = all.Select(vm => new HashSet<VmId> { vm }).ToList();
        foreach (var set in together)
        {
            var joined = pieces.Where(piece => piece.Overlaps(set)).ToList();
            pieces.RemoveAll(joined.Contains);
            pieces.Add([.. joined.SelectMany(piece => piece)]);
        }

        return pieces.Count;
    }
}
