using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>What it counts against a placement that VMs are not where their application would have them. Immutable.</summary>
/// <remarks>Counted over the remaining time, as traffic is, so that it depends on each VM's site alone. It decides between placements, and is paid by nobody: budgets leave it aside.</remarks>
public sealed class Preferences
{
    private readonly double[][] rows;

    internal Preferences(PlacementProblem problem)
    {
        var prefer = problem.View.Application.Prefer;
        if (prefer.IsEmpty)
        {
            rows = [];
            return;
        }

        var named = prefer.Select(preference => preference.Vms.ToHashSet()).ToArray();
        var known = new Dictionary<string, double[]>(StringComparer.Ordinal);
        rows = [.. problem.View.Application.Vms.Select(vm => RowOf([.. Enumerable.Range(0, prefer.Length).Where(i => named[i].Count == 0 || named[i].Contains(vm.Id))]))];

        // One for all VMs that the same preferences are about.
        double[] RowOf(ImmutableArray<int> apply)
        {
            var key = string.Join(' ', apply);
            return known.TryGetValue(key, out var row) ? row : known[key] =
                [.. problem.Sites.Select(site => (double)apply.Where(i => !prefer[i].Sites.Contains(site.Id)).Sum(i => prefer[i].PricePerHour) * problem.RemainingSeconds / 3600)];
        }
    }

    /// <summary>Whether nothing is preferred.</summary>
    public bool IsEmpty => rows.Length == 0;

    /// <summary>What it counts over the remaining time that a VM is at a site, in currency; 0 where it would be there, or anywhere.</summary>
    public double Of(int vm, int site) => rows.Length == 0 ? 0 : rows[vm][site];

    /// <summary>The same of all VMs.</summary>
    public double Of(ReadOnlySpan<int> assignment, ImmutableArray<Seat> seats)
    {
        double sum = 0;
        for (var vm = 0; vm < rows.Length; vm++)
        {
            sum += rows[vm][seats[assignment[vm]].SiteIndex];
        }

        return sum;
    }
}
