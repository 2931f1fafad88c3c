using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>Sets of VMs that are known to belong together, whatever their traffic of the moment.</summary>
internal static class Groups
{
    /// <summary>The communication groups and the sets that affinity holds together, of two VMs or more; all VMs, if they are few.</summary>
    public static int[][] Of(CostModel model)
    {
        var index = new Dictionary<Domain.Identity.VmId, int>();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            index[model.Problem.View.Application.Vms[vm].Id] = vm;
        }

        return [.. model.Problem.View.Groups.Select(group => group.Where(index.ContainsKey).Select(vm => index[vm]).Order().ToArray())
            .Concat(model.Problem.Together.Select(together => together.ToArray()))
            .Append([.. Enumerable.Range(0, model.VmCount)])
            .Where(group => group.Length > 1)];
    }
}
