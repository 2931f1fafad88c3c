using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Files.ApplicationFiles;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

/// <summary>Pieces against slow oracles.</summary>
public sealed class PiecesTests
{
    private static readonly Gen<ImmutableArray<ImmutableArray<VmId>>> Sets =
        Gen.Int[0, 14].Select(Vm).Array[2, 5].Select(set => set.Distinct().ToImmutableArray()).Array[0, 6].Select(sets => sets.ToImmutableArray());

    // The sites that each of a few VMs may be at; null: any.
    private static readonly Gen<ImmutableSortedSet<SiteId>?[]> Allowed =
        Gen.Int[1, 4].Select(number => new SiteId($"s{number}")).Array[1, 3].Select(sites => sites.ToImmutableSortedSet()).Null(0.3).Array[2, 5];

    [Fact]
    public void VMs_fall_into_as_many_pieces_as_joining_sets_one_by_one_leaves() => Sets.Sample(together =>
    {
        var pieces = new Pieces([], null);
        foreach (var set in together)
        {
            pieces.Join(set).ShouldBeTrue();
        }

        ImmutableArray<VmId> all = [.. Enumerable.Range(0, 15).Select(Vm)];
        pieces.In(all).ShouldBe(Joined(all, together));
    });

    [Fact]
    public void VMs_can_be_spread_over_as_many_sites_as_the_best_of_all_placements_has() => Allowed.Sample(allowed =>
    {
        ImmutableSortedSet<SiteId> sites = [.. Enumerable.Range(1, 4).Select(number => new SiteId($"s{number}"))];
        ImmutableArray<VmSpec> vms = [.. allowed.Select((some, number) => new VmSpec { Id = Vm(number), Vcpus = 1, MemoryBytes = 1, Sites = some })];
        var best = Placements(allowed, sites).Max(placement => placement.Distinct().Count());

        new Pieces(vms, sites).SitesFor(new([.. vms.Select(vm => vm.Id)], vms.Length)).ShouldBe(best);
    });

    private static IEnumerable<ImmutableArray<SiteId>> Placements(IEnumerable<ImmutableSortedSet<SiteId>?> allowed, ImmutableSortedSet<SiteId> sites) =>
        allowed.Aggregate(
            (IEnumerable<ImmutableArray<SiteId>>)[[]],
            (before, some) => before.SelectMany(placed => (some ?? sites).Select(site => placed.Add(site))));

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

    private static VmId Vm(int number) => new($"vm{number}");
}
