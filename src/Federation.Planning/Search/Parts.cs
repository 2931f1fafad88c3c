using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Sets of VMs that it may pay to move together.</summary>
internal static class Parts
{
    // A VM's neighbourhood: those with whom it exchanges at least this share of what it exchanges with its closest peer.
    private const double CloseShare = 0.3;

    /// <summary>All VMs, the communication groups, what traffic holds together, and each VM with its closest peers; two VMs or more.</summary>
    public static int[][] Of(CostModel model)
    {
        var index = model.Problem.View.Application.Vms.Select((vm, i) => (vm.Id, i)).ToDictionary(entry => entry.Id, entry => entry.i);
        var all = Enumerable.Range(0, model.VmCount).ToArray();
        return [.. model.Problem.View.Groups.Select(group => group.Select(vm => index[vm]).Order().ToArray())
            .Prepend(all)
            .Concat(Components(model))
            .Concat(all.Select(vm => Neighbourhood(model, vm)))
            .Where(part => part.Length > 1)
            .DistinctBy(part => string.Join(',', part))];
    }

    private static int[] Neighbourhood(CostModel model, int vm)
    {
        var closest = model.Peers[vm].Select(Bytes).DefaultIfEmpty(0).Max();
        return [.. model.Peers[vm].Where(peer => Bytes(peer) >= CloseShare * closest).Select(peer => peer.Vm).Append(vm).Order()];
    }

    private static IEnumerable<int[]> Components(CostModel model)
    {
        var seen = new HashSet<int>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            if (seen.Add(vm))
            {
                yield return Component(model, vm, seen);
            }
        }
    }

    private static int[] Component(CostModel model, int first, HashSet<int> seen)
    {
        var reached = new List<int> { first };
        for (var i = 0; i < reached.Count; i++)
        {
            reached.AddRange(model.Peers[reached[i]].Select(peer => peer.Vm).Where(seen.Add));
        }

        return [.. reached.Order()];
    }

    private static double Bytes(Peer peer) => (peer.Sent?.Bytes ?? 0) + (peer.Received?.Bytes ?? 0);
}
