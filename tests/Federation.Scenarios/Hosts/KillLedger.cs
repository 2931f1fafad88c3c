using System.Globalization;

namespace Federation.Scenarios.Hosts;

/// <summary>What came of each kill run, a line each, in a file that a later run goes on with.</summary>
internal static class KillLedger
{
    private static readonly Lock Gate = new();

    private const string Header = "seed,move,phase,hit_in,victim,outcome,pause_ms,settled_s,run_s,commit";

    private static string? Path => Environment.GetEnvironmentVariable("FEDERATION_KILLS_LEDGER") is { Length: > 0 } file ? file : null;

    /// <summary>The seeds that it has a line of.</summary>
    public static int[] Seeds => File.Exists(Path) ? [.. File.ReadLines(Path).Skip(1).Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))] : [];

    /// <summary>Adds a line to the file that the environment names; without one, to none.</summary>
    /// <param name="run">What was killed.</param>
    /// <param name="hitIn">In which phase the service said that the move was at that moment.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="pause">The longest time that the VM stood still.</param>
    /// <param name="settled">How long it took from the last part's return, or the fencing, until one copy ran, or the VM was said to be lost, and the plan had ended.</param>
    /// <param name="whole">How long the run took.</param>
    public static void Add(KillCase run, string hitIn, string outcome, TimeSpan pause, TimeSpan settled, TimeSpan whole)
    {
        if (Path is not { } file)
        {
            return;
        }

        var commit = Environment.GetEnvironmentVariable("FEDERATION_COMMIT");
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Seed},{run.Move},{run.Phase},{hitIn},{run.Victim},{outcome},{pause.TotalMilliseconds:0},{settled.TotalSeconds:0.0},{whole.TotalSeconds:0.0},{commit}\n");
        lock (Gate)
        {
            File.AppendAllText(file, File.Exists(file) ? line : $"{Header}\n{line}");
        }
    }
}
