using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Consolidation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Consolidation;

/// <summary>Packings against a slow search over all of them that shares no code, and against a checker of the rules.</summary>
public sealed class HostPackingProperties
{
    private static readonly Gen<PackingProblem> Small =
        from sizes in Gen.Select(Gen.Int[2, 8], Gen.Int[2, 8], Gen.Int[0, 9]).Array[1, 4]
        from vms in Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 1], Gen.Int[0, 9], Gen.Int[0, 15]).Array[0, 6]
        from left in Gen.Int[0, 4].Array[2]
        from apart in Gen.Int[0, 5].Array[0, 3]
        select Problem(sizes, vms, left, apart);

    [Fact]
    public void A_packing_keeps_every_rule_and_empties_as_many_hosts_as_a_search_over_all_packings_with_as_few_bytes() =>
        Small.Sample(problem =>
        {
            var packing = HostPacking.Solve(problem);
            Broken(problem, packing).ShouldBeNull();
            var (most, bytes) = Oracle(problem);
            packing.IsProven.ShouldBeTrue();
            packing.Emptied.Length.ShouldBe(most);
            packing.Moves.Sum(move => problem.Vms[move.Vm].Bytes).ShouldBe(bytes);
            problem.Bound().ShouldBeLessThanOrEqualTo(problem.Hosts.Count(host => host.IsInUse) - most);
        }, iter: RandomSequences.Count(600));

    [Fact]
    public void A_site_of_200_hosts_is_packed_within_a_tenth_of_its_bound()
    {
        var random = new Random(7);
        var (hosts, vms) = (new List<PackedHost>(), new List<PackedVm>());
        for (var host = 0; host < 200; host++)
        {
            var used = default(HostUse);
            for (var count = random.Next(1, 6); count > 0; count--)
            {
                var takes = new HostUse(random.Next(1, 6), random.Next(1, 13) * Samples.GiB, 0);
                if ((new HostUse(32, 64 * Samples.GiB, 0) - used - takes).IsWithin)
                {
                    vms.Add(Vm(vms.Count, host, takes, 0, [.. Enumerable.Repeat(true, 200)]));
                    used += takes;
                }
            }

            hosts.Add(new($"h{host}", new(32, 64 * Samples.GiB, 0), used, TakesVms: true, MayBeEmptied: true, IsInUse: true));
        }

        var problem = new PackingProblem([.. hosts], [.. vms], [], [int.MaxValue]);
        var packing = HostPacking.Solve(problem);
        Broken(problem, packing).ShouldBeNull();
        (200 - packing.Emptied.Length).ShouldBeLessThanOrEqualTo((int)Math.Ceiling(problem.Bound() * 1.1));
    }

    // By the rules as they are written down, from the answer alone: the first that is broken; null: all hold.
    private static string? Broken(PackingProblem problem, Packing packing)
    {
        var to = packing.Moves.ToDictionary(move => move.Vm, move => move.Host);
        if (packing.Emptied.Any(host => !problem.Hosts[host].MayBeEmptied))
        {
            return "a host is emptied that may not be";
        }

        if (Enumerable.Range(0, problem.Vms.Length).Any(vm => to.ContainsKey(vm) != packing.Emptied.Contains(problem.Vms[vm].Host)))
        {
            return "what moves is on a host that is emptied, and all of that";
        }

        foreach (var (vm, host) in packing.Moves)
        {
            if (packing.Emptied.Contains(host) || !problem.Hosts[host].TakesVms || !problem.Hosts[host].IsInUse || !problem.Vms[vm].Fits[host])
            {
                return "a VM goes where it may not be";
            }

            if (problem.Apart.Any(set => set.Vms.Contains(vm) && (set.Hosts.Contains(host) || set.Vms.Count(other => to.TryGetValue(other, out var at) && at == host) > 1)))
            {
                return "a VM finds one from which it is to be kept apart";
            }
        }

        for (var host = 0; host < problem.Hosts.Length; host++)
        {
            var comes = packing.Moves.Where(move => move.Host == host).Aggregate(default(HostUse), (sum, move) => sum + problem.Vms[move.Vm].Takes);
            if (comes != default && !(problem.Hosts[host].Size - problem.Hosts[host].Used - comes).IsWithin)
            {
                return "there is no room where nothing else moves";
            }
        }

        return packing.Moves.GroupBy(move => problem.Vms[move.Vm].Owner).Any(own => own.Count() > problem.MovesLeft[own.Key]) ? "an application moves too many" : null;
    }

    private static (int Most, double Bytes) Oracle(PackingProblem problem)
    {
        var best = (Most: 0, Bytes: 0.0);
        for (var set = 1; set < 1 << problem.Hosts.Length; set++)
        {
            var gone = Enumerable.Range(0, problem.Hosts.Length).Where(host => (set & (1 << host)) != 0).ToImmutableArray();
            var vms = Enumerable.Range(0, problem.Vms.Length).Where(vm => gone.Contains(problem.Vms[vm].Host)).ToArray();
            var bytes = vms.Sum(vm => problem.Vms[vm].Bytes);
            if (gone.All(host => problem.Hosts[host].MayBeEmptied) && (gone.Length > best.Most || (gone.Length == best.Most && bytes < best.Bytes)) && Seats(problem.Hosts.Length, vms).Any(moves => Broken(problem, new(gone, moves, false)) is null))
            {
                best = (gone.Length, bytes);
            }
        }

        return best;
    }

    private static IEnumerable<ImmutableArray<(int Vm, int Host)>> Seats(int hosts, int[] vms) => vms.Length == 0 ? [[]]
        : Seats(hosts, vms[1..]).SelectMany(rest => Enumerable.Range(0, hosts).Select(host => rest.Add((vms[0], host))));

    private static PackingProblem Problem((int Vcpus, int Gib, int Kind)[] sizes, (int Host, int Vcpus, int Gib, int Owner, int Kind, int Fits)[] vms, int[] left, int[] apart)
    {
        var (used, pinned, packed, at) = (new HostUse[sizes.Length], new bool[sizes.Length], new List<PackedVm>(), new List<int>());
        foreach (var vm in vms.Where(vm => vm.Host < sizes.Length))
        {
            var takes = new HostUse(vm.Vcpus, vm.Gib * Samples.GiB, 0);
            used[vm.Host] += takes;
            if (vm.Kind == 0)
            {
                pinned[vm.Host] = true;
                continue;
            }

            packed.Add(Vm(packed.Count, vm.Host, takes, vm.Owner, [.. sizes.Select((_, host) => vm.Kind < 8 || (vm.Fits & (1 << host)) != 0)]));
            at.Add(vm.Host);
        }

        return new(
            [.. sizes.Select((size, host) => new PackedHost(
                $"h{host}", new(size.Vcpus, size.Gib * Samples.GiB, 0), used[host], TakesVms: size.Kind > 0, MayBeEmptied: used[host] != default && !pinned[host], IsInUse: used[host] != default))],
            [.. packed],
            apart.Where(vm => vm < packed.Count).Distinct().ToImmutableArray() is { Length: > 1 } set ? [new(set, [.. set.Select(vm => at[vm])])] : [],
            [.. left]);
    }

    private static PackedVm Vm(int number, int host, HostUse takes, int owner, ImmutableArray<bool> fits) =>
        new(VmRef.Parse($"astro/cg.1/vm{number}"), host, takes, takes.MemoryBytes, owner, fits);
}
