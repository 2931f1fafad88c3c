using System.Globalization;

namespace Federation.Sensor.Live.Kernel;

/// <summary>What the kernel says about its processors.</summary>
internal static class Processors
{
    private const string PossibleFile = "/sys/devices/system/cpu/possible";
    private const string RealTimeFile = "/sys/kernel/realtime";

    /// <summary>How many there could be, not only those that are on: a table for each processor has so many values.</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public static int Possible() => Parse(File.ReadAllText(PossibleFile));

    /// <summary>Whether one thread may interrupt another in the midst of network code.</summary>
    public static bool AreRealTime() => File.Exists(RealTimeFile) && File.ReadAllText(RealTimeFile).Trim() == "1";

    /// <summary>Reads <c>0-3</c>, <c>0</c> or <c>0-3,8-11</c>; the highest counts.</summary>
    /// <exception cref="IOException">The text is none of these.</exception>
    public static int Parse(string list)
    {
        var highest = list.Trim().Split(',', '-')[^1];
        return int.TryParse(highest, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last + 1
            : throw new IOException($"{PossibleFile} says '{list.Trim()}', which is no list of processors");
    }
}
