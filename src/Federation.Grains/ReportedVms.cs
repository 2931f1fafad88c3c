using System.Collections;
using Federation.Contracts;

namespace Federation.Grains;

/// <summary>Which VMs have reported the newest windows, so that nobody has to ask a thousand of them each time that one reports.</summary>
/// <param name="cluster">The VMs.</param>
/// <param name="oldest">The oldest window that is known: all that was reported of it, and of those after it, is added.</param>
internal sealed class ReportedVms(VirtualCluster cluster, int oldest)
{
    private const int WindowsKept = 40;

    private readonly SortedDictionary<int, BitArray> reported = [];
    private int oldestKnown = oldest;

    /// <summary>The VMs that are counted.</summary>
    public VirtualCluster Cluster => cluster;

    /// <summary>Counts what has come.</summary>
    public void Add(StoredWindows came)
    {
        foreach (var (window, vms) in came.Windows.Zip(came.Vms).Where(entry => entry.First >= oldestKnown))
        {
            if (!reported.TryGetValue(window, out var flags))
            {
                reported.Add(window, flags = new BitArray(cluster.Vms.Length));
            }

            foreach (var vm in vms)
            {
                if (cluster.PlaceOf(vm) is { } place)
                {
                    flags[place] = true;
                }
            }
        }

        while (reported.Count > WindowsKept)
        {
            oldestKnown = reported.Keys.First() + 1;
            reported.Remove(oldestKnown - 1);
        }
    }

    /// <summary>How many have reported a window; null if that is not known here.</summary>
    public int? Count(int window) => window < oldestKnown ? null
        : !reported.TryGetValue(window, out var flags) ? 0
        : Enumerable.Range(0, flags.Length).Count(place => flags[place]);
}
