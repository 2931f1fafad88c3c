using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Consolidation;

/// <summary>Where VMs are while it is tried which hosts can be emptied. Mutable; every change can be taken back.</summary>
internal sealed class PackingTrial
{
    private readonly PackingProblem problem;
    private readonly long[][] free;
    private readonly long[][] takes;
    private readonly double[][] sizes;
    private readonly int[] at;
    private readonly bool[] gone;
    private readonly int[] left;
    private readonly List<int>[] on;
    private readonly int[][] setsOf;
    private readonly Dictionary<(int Set, int Host), int> mates = [];

    public PackingTrial(PackingProblem problem)
    {
        this.problem = problem;
        free = [.. problem.Hosts.Select(host => Amounts(host.Size - host.Used))];
        sizes = [.. problem.Hosts.Select(host => Amounts(host.Size).Select(amount => Math.Max(1.0, amount)).ToArray())];
        takes = [.. problem.Vms.Select(vm => Amounts(vm.Takes))];
        at = [.. problem.Vms.Select(vm => vm.Host)];
        gone = new bool[problem.Hosts.Length];
        left = [.. problem.MovesLeft];
        on = [.. problem.Hosts.Select(_ => new List<int>())];
        foreach (var (vm, index) in problem.Vms.Select((vm, index) => (vm, index)))
        {
            on[vm.Host].Add(index);
        }

        var sets = problem.Apart.SelectMany((set, index) => set.Vms.Select(vm => (Vm: vm, Set: index))).ToLookup(pair => pair.Vm, pair => pair.Set);
        setsOf = [.. problem.Vms.Select((_, vm) => sets[vm].ToArray())];
        foreach (var (set, index) in problem.Apart.Select((set, index) => (set, index)))
        {
            foreach (var host in set.Hosts)
            {
                mates[(index, host)] = mates.GetValueOrDefault((index, host)) + 1;
            }
        }
    }

    /// <summary>How many more tests of a VM against a host are made.</summary>
    public long Work { get; set; }

    /// <summary>Whether a host is to be empty.</summary>
    public bool IsGone(int host) => gone[host];

    /// <summary>The hosts that are to be empty, ascending.</summary>
    public IEnumerable<int> Gone => Enumerable.Range(0, gone.Length).Where(host => gone[host]);

    /// <summary>The host of a VM.</summary>
    public int At(int vm) => at[vm];

    /// <summary>The VMs that are on a host.</summary>
    public int[] On(int host) => [.. on[host]];

    /// <summary>Has a host be empty, or not.</summary>
    public void Mark(int host, bool isGone) => gone[host] = isGone;

    /// <summary>Whether a VM may be on a host that it is not on.</summary>
    public bool Takes(int vm, int host)
    {
        Work--;
        if (gone[host] || host == at[vm] || !problem.Hosts[host].TakesVms || !problem.Hosts[host].IsInUse || !problem.Vms[vm].Fits[host])
        {
            return false;
        }

        var (room, need) = (free[host], takes[vm]);
        return need[0] <= room[0] && need[1] <= room[1] && need[2] <= room[2]
            && (at[vm] != problem.Vms[vm].Host || left[problem.Vms[vm].Owner] > 0)
            && Array.TrueForAll(setsOf[vm], set => mates.GetValueOrDefault((set, host)) == 0);
    }

    /// <summary>Puts a VM on a host, whether or not it has room.</summary>
    public void Move(int vm, int to)
    {
        var (from, home, owner) = (at[vm], problem.Vms[vm].Host, problem.Vms[vm].Owner);
        left[owner] += from == home && to != home ? -1 : from != home && to == home ? 1 : 0;
        for (var resource = 0; resource < 3; resource++)
        {
            free[from][resource] += takes[vm][resource];
            free[to][resource] -= takes[vm][resource];
        }

        foreach (var set in setsOf[vm])
        {
            mates[(set, from)] = mates.GetValueOrDefault((set, from)) - 1;
            mates[(set, to)] = mates.GetValueOrDefault((set, to)) + 1;
        }

        on[from].Remove(vm);
        on[to].Add(vm);
        at[vm] = to;
    }

    /// <summary>The host that is left with the least once it has a VM (best fit); null: none takes it.</summary>
    public int? BestFor(int vm)
    {
        var (best, least) = ((int?)null, double.PositiveInfinity);
        for (var host = 0; host < gone.Length; host++)
        {
            if (Takes(vm, host) && Rest(vm, host) is var rest && rest < least)
            {
                (best, least) = (host, rest);
            }
        }

        return best;
    }

    /// <summary>The hosts that take a VM, the one that is left with the least first.</summary>
    public int[] AllFor(int vm) => [.. Enumerable.Range(0, gone.Length).Where(host => Takes(vm, host)).OrderBy(host => Rest(vm, host)).ThenBy(host => host)];

    /// <summary>What a host lacks for a VM, in words that follow its name; null: it has room.</summary>
    public string? Lacks(int vm, int host)
    {
        var (room, need) = (free[host], takes[vm]);
        return need[0] > room[0] ? $"lacks {need[0] - room[0]} vCPUs"
            : need[1] > room[1] ? $"lacks {RefusalText.Amount(need[1] - room[1])} of memory"
            : need[2] > room[2] ? $"lacks {RefusalText.Amount(need[2] - room[2])} of disk"
            : null;
    }

    /// <summary>How large a VM is: the largest of its shares of what its own host has.</summary>
    public double Weight(int vm) => Enumerable.Range(0, 3).Max(resource => takes[vm][resource] / sizes[problem.Vms[vm].Host][resource]);

    // Disks are seldom short, and their free room says little of how full a host is.
    private double Rest(int vm, int host) => Enumerable.Range(0, 2).Sum(resource => (free[host][resource] - takes[vm][resource]) / sizes[host][resource]);

    private static long[] Amounts(HostUse use) => [use.Vcpus, use.MemoryBytes, use.DiskBytes];
}
