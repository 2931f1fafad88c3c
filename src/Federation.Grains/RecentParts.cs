using Federation.Contracts;

namespace Federation.Grains;

/// <summary>The parts of one VM's newest windows, in one small array: 10^5 VMs have one each.</summary>
internal sealed class RecentParts(int mostWindows)
{
    private PackedPart[] parts = [];

    /// <summary>The oldest window of which all that was reported is here. Default: all windows.</summary>
    public int Floor { get; private set; } = int.MinValue;

    /// <summary>The newest window here; null: there is none.</summary>
    public PackedPart? Newest => parts.Length > 0 ? parts[^1] : null;

    /// <summary>Begins with what a store has from a window on.</summary>
    public void Fill(int floor, IEnumerable<PackedPart> stored)
    {
        Floor = floor;
        foreach (var part in stored)
        {
            Add(part);
        }
    }

    /// <summary>Whether a sensor's part of a window is here.</summary>
    public bool Has(string sensor, int window) => Array.Exists(parts, part => part.WindowNumber == window && part.Sensor == sensor);

    /// <summary>Adds a part, unless its sensor's is here already or its window is older than what is kept.</summary>
    public void Add(PackedPart part)
    {
        if (part.WindowNumber < Floor || Has(part.Sensor, part.WindowNumber))
        {
            return;
        }

        var place = parts.Length;
        while (place > 0 && parts[place - 1].WindowNumber > part.WindowNumber)
        {
            place--;
        }

        // One sensor's name is kept once, not once a window.
        var known = Array.Find(parts, other => other.Sensor == part.Sensor);
        parts = [.. parts[..place], known is null ? part : part with { Sensor = known.Sensor }, .. parts[place..]];
        Forget();
    }

    /// <summary>The parts from one window to another, both included; null if some of them may have been forgotten.</summary>
    public VmParts? Between(int first, int last) => first < Floor
        ? null
        : new([.. parts.Where(part => part.WindowNumber >= first && part.WindowNumber <= last)]);

    private void Forget()
    {
        if (parts.Length > mostWindows && parts.DistinctBy(part => part.WindowNumber).Count() > mostWindows)
        {
            Floor = parts[0].WindowNumber + 1;
            parts = [.. parts.Where(part => part.WindowNumber >= Floor)];
        }
    }
}
