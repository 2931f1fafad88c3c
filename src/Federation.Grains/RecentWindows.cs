using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>The parts of an application's newest windows, window by window: some 300 bytes a VM and window.</summary>
internal sealed class RecentWindows
{
    /// <summary>How many windows are kept: what planning and group detection ask for. Older ones are read from the store when somebody wants them.</summary>
    public const int Most = 20;

    private readonly SortedDictionary<int, Parts> windows = [];

    // The oldest window of which all that was reported is here.
    private int floor = int.MinValue;

    /// <summary>The number of the newest window of which something is here; null: of none.</summary>
    public int? NewestNumber => windows.Count > 0 ? windows.Keys.Last() : null;

    /// <summary>Keeps nothing of what is older than a window.</summary>
    public void Begin(int oldest) => floor = oldest;

    /// <summary>Adds a part, unless its sensor's is here already or its window is older than what is kept.</summary>
    public void Add(VmId vm, PackedPart part)
    {
        if (Has(vm, part))
        {
            return;
        }

        if (!windows.TryGetValue(part.WindowNumber, out var window))
        {
            windows.Add(part.WindowNumber, window = new());
        }

        window.Add(vm, part);
        if (windows.Count > Most)
        {
            floor = windows.Keys.First() + 1;
            windows.Remove(floor - 1);
        }
    }

    /// <summary>Whether a part of its sensor, VM and window is here, or too old to be.</summary>
    public bool Has(VmId vm, PackedPart part) => part.WindowNumber < floor
        || (windows.TryGetValue(part.WindowNumber, out var window) && window.ByVm.TryGetValue(vm, out var parts)
            && Array.Exists(parts, known => known.Sensor == part.Sensor));

    /// <summary>How many of some VMs have reported a window; null: it is older than what is kept. O(1) as long as the VMs are those of the last question.</summary>
    public int? Count(int window, ReportingVms vms) => window < floor ? null
        : windows.TryGetValue(window, out var reported) ? reported.Count(vms) : 0;

    /// <summary>What was reported of some VMs from one window to another, both included; null if it begins before what is kept.</summary>
    public List<WindowReport>? Between(int first, int last, ReportingVms vms)
    {
        if (first < floor)
        {
            return null;
        }

        var reports = new List<WindowReport>();
        foreach (var (vm, parts) in windows.Where(window => window.Key >= first && window.Key <= last).SelectMany(window => window.Value.ByVm))
        {
            if (vms.Has(vm))
            {
                reports.AddRange(parts.Select(part => part.Unpack(vm)));
            }
        }

        return reports;
    }

    /// <summary>The sensors, in order, whose parts of a VM's window cover more than its length together; none if they do not.</summary>
    public string[] SensorsOfDouble(VmId vm, int window) =>
        windows.TryGetValue(window, out var reported) && reported.ByVm.TryGetValue(vm, out var parts) && parts.Sum(part => part.CoveredTicks) > Window.Length.Ticks
            ? [.. parts.Select(part => part.Sensor).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The newest window of each VM that has one.</summary>
    public Dictionary<VmId, Window> Newest()
    {
        var newest = new Dictionary<VmId, Window>();
        foreach (var (number, parts) in windows)
        {
            foreach (var vm in parts.ByVm.Keys)
            {
                newest[vm] = PackedPart.WindowOf(number);
            }
        }

        return newest;
    }

    /// <summary>What was reported of one window, and how many of certain VMs that is.</summary>
    private sealed class Parts
    {
        private ReportingVms? counted;
        private int count;

        public Dictionary<VmId, PackedPart[]> ByVm { get; } = [];

        public void Add(VmId vm, PackedPart part)
        {
            var isFirst = !ByVm.TryGetValue(vm, out var others);
            ByVm[vm] = isFirst ? [part] : [.. others!, part];
            count += isFirst && counted is not null && counted.Has(vm) ? 1 : 0;
        }

        // Asked for with every report, while the VMs change with the description only.
        public int Count(ReportingVms vms)
        {
            if (counted != vms)
            {
                (counted, count) = (vms, ByVm.Keys.Count(vms.Has));
            }

            return count;
        }
    }
}
