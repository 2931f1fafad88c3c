namespace Federation.Domain.Estimation;

/// <summary>Which communication groups are on the move: they stay apart for as short as can be. Mutable, for one search at a time.</summary>
internal sealed class MoveGroups
{
    private readonly int[] groupOf;
    private readonly int[] moved;

    /// <summary>Nothing has moved yet.</summary>
    public MoveGroups(PlacementProblem problem, IEnumerable<int> moving)
    {
        groupOf = new int[problem.VmCount];
        Array.Fill(groupOf, -1);
        moved = new int[problem.View.Groups.Length];
        if (moved.Length > 0)
        {
            var movers = moving.ToHashSet();
            var number = problem.View.Application.Vms.Select((vm, i) => (vm.Id, i)).ToDictionary(entry => entry.Id, entry => entry.i);
            foreach (var (group, vms) in problem.View.Groups.Index())
            {
                foreach (var vm in vms.Select(vm => number[vm]).Where(movers.Contains))
                {
                    groupOf[vm] = group;
                }
            }
        }
    }

    /// <summary>Whether a VM's group has begun to move; false for a VM in none.</summary>
    public bool HasBegun(int vm) => groupOf[vm] >= 0 && moved[groupOf[vm]] > 0;

    /// <summary>Notes that a VM has moved, or, by -1, that it has not after all. Whether that is the first move of its group.</summary>
    public bool Add(int vm, int count) => groupOf[vm] >= 0 && (moved[groupOf[vm]] += count) == 1 && count > 0;

    /// <summary>The VMs of a VM's group that move, itself included; none for a VM in none. O(VMs).</summary>
    public IEnumerable<int> MembersOf(int vm) =>
        groupOf[vm] < 0 ? [] : Enumerable.Range(0, groupOf.Length).Where(other => groupOf[other] == groupOf[vm]);

    /// <summary>Bytes per second that cross sites at a VM once it is at a seat, less those that cross there now. O(degree).</summary>
    public static double CutAfter(PlacementProblem problem, int[] now, int vm, int seat) => Cut(problem, now, vm, seat) - Cut(problem, now, vm, now[vm]);

    private static double Cut(PlacementProblem problem, int[] now, int vm, int seat)
    {
        double cut = 0;
        var site = problem.Seats[seat].SiteIndex;
        foreach (var flow in problem.Inflows[vm])
        {
            cut += problem.Seats[now[flow.Source]].SiteIndex != site ? flow.BytesPerSecond : 0;
        }

        foreach (var flow in problem.Outflows[vm])
        {
            cut += problem.Seats[now[flow.Source]].SiteIndex != site ? flow.BytesPerSecond : 0;
        }

        return cut;
    }
}
