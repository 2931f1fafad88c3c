using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Federation.Scenarios.Hosts;

/// <summary>The Linux guest of tests/guests that asks another VM all the time, by ping and over one TCP connection, and tells on its console what came back.</summary>
/// <param name="consoleLog">What it says.</param>
internal sealed partial class AskingGuest(string consoleLog)
{
    /// <summary>What it needs, odd in multiples of 256 KiB as all guests are whose processors are emulated.</summary>
    public const int MemoryKibibytes = (112 << 10) + 8;

    // It counts a ping as lost once it is 3 s old, and speaks four times a second.
    private const int LinesUntilSettled = 14;
    private const int LinesOfFlow = 4;

    private static readonly string Script = Path.GetFullPath(typeof(AskingGuest).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "AskingGuest").Value!);

    /// <summary>Its kernel and its first file system.</summary>
    public static (string Kernel, string Initrd) Build(string folder)
    {
        Programs.Run("bash", Script, folder);
        return (Path.Combine(folder, "vmlinuz"), Path.Combine(folder, "asker.cpio.gz"));
    }

    /// <summary>Its kernel's command line.</summary>
    public static string Arguments(string own, string asked) => $"console=ttyS0 quiet panic=1 self={own} ask={asked}";

    /// <summary>Waits until it has asked and heard without a pause for as long as a ping may take: what was lost before is counted by then.</summary>
    /// <returns>What it has counted so far.</returns>
    /// <exception cref="InvalidOperationException">The connection is broken.</exception>
    public async Task<Count> Settles()
    {
        var from = Lines().Length;
        await Waiting.Until(() => Lines() is var lines && lines.Length >= from + LinesUntilSettled
            && Enumerable.Range(lines.Length - LinesOfFlow, LinesOfFlow).All(line => lines[line].Echoed > lines[line - 1].Echoed), "the VM answers again");
        var all = Lines();
        return new(all.Length, all[^1].Settled, all[^1].Lost);
    }

    /// <summary>The longest time without an echo that ended between two counts.</summary>
    public TimeSpan LongestPause(Count from, Count to) =>
        TimeSpan.FromMicroseconds(Lines()[from.Lines..to.Lines].Max(line => line.Longest));

    private ImmutableArray<Line> Lines()
    {
        if (!File.Exists(consoleLog))
        {
            return [];
        }

        using var file = new StreamReader(new FileStream(consoleLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var text = file.ReadToEnd();
        return Broken().Match(text) is { Success: true } broken
            ? throw new InvalidOperationException($"the connection is broken: {broken.Value}")
            : [.. Said().Matches(text).Select(said => new Line(Number(said, 1), Number(said, 2), Number(said, 3), Number(said, 4)))];
    }

    private static long Number(Match said, int group) => long.Parse(said.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^AS (\d+) (\d+) (\d+) (\d+)\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Said();

    [GeneratedRegex(@"BROKEN.*", RegexOptions.CultureInvariant)]
    private static partial Regex Broken();

    /// <summary>What was counted until some line.</summary>
    /// <param name="Lines">How many lines it had said.</param>
    /// <param name="Settled">Pings that were sent at least 3 s before.</param>
    /// <param name="Lost">How many of these had no answer.</param>
    public readonly record struct Count(int Lines, long Settled, long Lost);

    private readonly record struct Line(long Settled, long Lost, long Echoed, long Longest);
}
