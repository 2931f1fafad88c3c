using System.Collections.Immutable;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>What files of a user's gave, and every fault in them.</summary>
/// <param name="Value">What they say; complete only without faults.</param>
/// <param name="Faults">The faults, in the order in which they were found.</param>
internal readonly record struct Checked<T>(T Value, ImmutableArray<Fault> Faults)
{
    /// <summary>Gives the value if it is sound; otherwise prints every fault.</summary>
    public bool TryGet(TextWriter error, out T value)
    {
        value = Value;
        FaultList.Print(Faults, error);
        return Faults.IsEmpty;
    }
}

/// <summary>Prints faults.</summary>
internal static class FaultList
{
    /// <summary>Prints one line for each fault, then how many there are; nothing if there are none.</summary>
    public static void Print(ImmutableArray<Fault> faults, TextWriter error)
    {
        foreach (var fault in faults)
        {
            error.WriteLine(fault);
        }

        if (!faults.IsEmpty)
        {
            error.WriteLine($"fedctl: {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}; nothing was done");
        }
    }
}
