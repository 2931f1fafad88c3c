using System.Collections.Immutable;
using System.Numerics;

namespace Federation.Domain.Consolidation;

/// <summary>Empties as many hosts as it can, and of the ways to empty so many takes one that sends little.</summary>
/// <remarks>
/// Vector bin packing with given contents, NP-hard. Hosts are tried in three orders (least to send, least in use, fewest VMs); the VMs of each go, the
/// largest first, where least is left (best fit decreasing); if one finds no room, those of all hosts that are to be empty are packed anew, up to
/// <see cref="MostSearched"/> VMs by a search. Up to <see cref="MostEnumerated"/> hosts all sets of them are gone through, most hosts and fewest bytes
/// first, which proves the answer unless the work runs out. Work is counted, not timed: the same problem has the same answer. Source of best fit
/// decreasing over several resources: Panigrahy et al., Heuristics for vector bin packing, 2011.
/// </remarks>
public static class HostPacking
{
    /// <summary>Up to so many hosts that may be emptied all sets of them are gone through.</summary>
    public const int MostEnumerated = 12;

    /// <summary>Up to so many VMs are packed by a search where best fit finds no room.</summary>
    public const int MostSearched = 40;

    // Tests of a VM against a host: some 0.1 s for each order, and for all sets together.
    private const long MostWork = 4_000_000;
    private const int MostSteps = 20_000;

    /// <summary>Packs.</summary>
    public static Packing Solve(PackingProblem problem)
    {
        var candidates = Enumerable.Range(0, problem.Hosts.Length).Where(host => problem.Hosts[host].MayBeEmptied).ToArray();
        var bytes = problem.Vms.GroupBy(vm => vm.Host).ToDictionary(vms => vms.Key, vms => (Bytes: vms.Sum(vm => vm.Bytes), Count: vms.Count()));
        double Full(int host) => problem.Hosts[host] is var of ? Math.Max((double)of.Used.Vcpus / Math.Max(1, of.Size.Vcpus), (double)of.Used.MemoryBytes / Math.Max(1, of.Size.MemoryBytes)) : 0;
        IEnumerable<int>[] orders =
        [
            candidates.OrderBy(host => bytes.GetValueOrDefault(host).Bytes).ThenBy(host => host),
            candidates.OrderBy(Full).ThenBy(host => host),
            candidates.OrderBy(host => bytes.GetValueOrDefault(host).Count).ThenBy(host => host),
        ];
        var best = orders.Select(order => InOrder(problem, order)).OrderByDescending(found => found.Emptied.Length).ThenBy(found => BytesOf(problem, found)).First();
        var most = problem.Hosts.Count(host => host.IsInUse) - problem.Bound();
        return candidates.Length <= MostEnumerated ? BestOfAll(problem, candidates, best, most) : best with { IsProven = best.Emptied.Length >= most };
    }

    private static Packing InOrder(PackingProblem problem, IEnumerable<int> order)
    {
        var trial = new PackingTrial(problem) { Work = MostWork };
        foreach (var host in order)
        {
            if (trial.Work <= 0)
            {
                break;
            }

            _ = Empty(trial, host, trial.On(host)) || EmptyAnew(problem, trial, host);
        }

        return Found(problem, trial);
    }

    // What is on the host now goes elsewhere, also what another one that is empty by now has left there.
    private static bool Empty(PackingTrial trial, int host, IEnumerable<int> vms)
    {
        var moved = new Stack<(int Vm, int From)>();
        trial.Mark(host, isGone: true);
        foreach (var vm in vms.OrderByDescending(trial.Weight).ThenBy(vm => vm))
        {
            if (trial.BestFor(vm) is not { } to)
            {
                Undo(trial, moved);
                trial.Mark(host, isGone: false);
                return false;
            }

            moved.Push((vm, trial.At(vm)));
            trial.Move(vm, to);
        }

        return true;
    }

    private static bool EmptyAnew(PackingProblem problem, PackingTrial trial, int host)
    {
        trial.Mark(host, isGone: true);
        var vms = Enumerable.Range(0, problem.Vms.Length).Where(vm => trial.IsGone(problem.Vms[vm].Host)).ToArray();
        var before = vms.Select(vm => (Vm: vm, At: trial.At(vm))).ToArray();
        foreach (var vm in vms)
        {
            trial.Move(vm, problem.Vms[vm].Host);
        }

        if (Pack(trial, vms, out _))
        {
            return true;
        }

        foreach (var (vm, at) in before)
        {
            trial.Move(vm, at);
        }

        trial.Mark(host, isGone: false);
        return false;
    }

    // All of them at home: best fit first, then a search, whose end says whether there is no way.
    private static bool Pack(PackingTrial trial, int[] vms, out bool isKnown)
    {
        int[] order = [.. vms.OrderByDescending(trial.Weight).ThenBy(vm => vm)];
        var moved = new Stack<(int Vm, int From)>();
        foreach (var vm in order)
        {
            if (trial.BestFor(vm) is not { } to)
            {
                break;
            }

            moved.Push((vm, trial.At(vm)));
            trial.Move(vm, to);
        }

        isKnown = true;
        if (moved.Count == order.Length)
        {
            return true;
        }

        Undo(trial, moved);
        var steps = vms.Length <= MostSearched ? MostSteps : 0;
        var found = Search(trial, order, 0, ref steps);
        isKnown = found || steps > 0;
        return found;
    }

    private static bool Search(PackingTrial trial, int[] vms, int next, ref int steps)
    {
        if (next == vms.Length)
        {
            return true;
        }

        foreach (var host in steps > 0 && trial.Work > 0 ? trial.AllFor(vms[next]) : [])
        {
            var from = trial.At(vms[next]);
            trial.Move(vms[next], host);
            if (Search(trial, vms, next + 1, ref steps))
            {
                return true;
            }

            trial.Move(vms[next], from);
            if (--steps <= 0)
            {
                return false;
            }
        }

        steps = trial.Work > 0 ? steps : 0;
        return false;
    }

    // Sets with most hosts first, of these with fewest bytes: the first that can be packed is the best.
    private static Packing BestOfAll(PackingProblem problem, int[] candidates, Packing best, int most)
    {
        var bytes = candidates.Select(host => problem.Vms.Where(vm => vm.Host == host).Sum(vm => vm.Bytes)).ToArray();
        var sent = BytesOf(problem, best);
        var sets = Enumerable.Range(1, (1 << candidates.Length) - 1)
            .Select(set => (Set: set, Hosts: BitOperations.PopCount((uint)set), Bytes: Enumerable.Range(0, candidates.Length).Where(bit => (set & (1 << bit)) != 0).Sum(bit => bytes[bit])))
            .Where(set => set.Hosts <= most && (set.Hosts > best.Emptied.Length || (set.Hosts == best.Emptied.Length && set.Bytes < sent)))
            .OrderByDescending(set => set.Hosts).ThenBy(set => set.Bytes).ThenBy(set => set.Set);
        var (isKnown, work) = (true, MostWork);
        foreach (var (set, _, _) in sets)
        {
            var trial = new PackingTrial(problem) { Work = work };
            foreach (var host in Enumerable.Range(0, candidates.Length).Where(bit => (set & (1 << bit)) != 0).Select(bit => candidates[bit]))
            {
                trial.Mark(host, isGone: true);
            }

            if (Pack(trial, [.. Enumerable.Range(0, problem.Vms.Length).Where(vm => trial.IsGone(problem.Vms[vm].Host))], out var isSure))
            {
                var found = Found(problem, trial);
                return found with { IsProven = isKnown || found.Emptied.Length >= most };
            }

            (isKnown, work) = (isKnown && isSure, trial.Work);
            if (work <= 0)
            {
                return best with { IsProven = best.Emptied.Length >= most };
            }
        }

        return best with { IsProven = isKnown || best.Emptied.Length >= most };
    }

    private static void Undo(PackingTrial trial, Stack<(int Vm, int From)> moved)
    {
        while (moved.TryPop(out var move))
        {
            trial.Move(move.Vm, move.From);
        }
    }

    private static double BytesOf(PackingProblem problem, Packing packing) => packing.Moves.Sum(move => problem.Vms[move.Vm].Bytes);

    private static Packing Found(PackingProblem problem, PackingTrial trial) => new(
        [.. trial.Gone],
        [.. Enumerable.Range(0, problem.Vms.Length).Where(vm => trial.At(vm) != problem.Vms[vm].Host).Select(vm => (vm, trial.At(vm)))],
        IsProven: false);
}
