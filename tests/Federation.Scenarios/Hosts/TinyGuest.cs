using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Federation.Scenarios.Hosts;

/// <summary>The guest of tests/guests: it boots in a fraction of a second without an operating system, and knows what each page of its memory has to hold.</summary>
internal static partial class TinyGuest
{
    private static readonly string Script = Path.GetFullPath(typeof(TinyGuest).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Guests").Value!);

    /// <summary>Its program, as QEMU starts it by <c>-kernel</c>.</summary>
    public static string Build(string folder)
    {
        Programs.Run("bash", Script, folder);
        return Path.Combine(folder, "pages.elf");
    }

    /// <summary>What a copy of it said last on its serial port; null: nothing yet.</summary>
    public static Heartbeat? Last(string serialLog)
    {
        if (!File.Exists(serialLog))
        {
            return null;
        }

        using var file = new StreamReader(new FileStream(serialLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var beats = Beat().Matches(file.ReadToEnd());
        return beats.Count == 0 ? null : new(beats.Count, Number(beats[^1], 1), Number(beats[^1], 3));
    }

    private static long Number(Match beat, int group) => long.Parse(beat.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^HB (\d+) (\d+) (\d+)\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Beat();

    /// <summary>A sign of life.</summary>
    /// <param name="Count">How many there were of this copy.</param>
    /// <param name="Ticks">Of its clock, 100 a second, over all its copies.</param>
    /// <param name="StalePages">Pages that came back older than they were last written, over all its copies.</param>
    public readonly record struct Heartbeat(int Count, long Ticks, long StalePages);
}
