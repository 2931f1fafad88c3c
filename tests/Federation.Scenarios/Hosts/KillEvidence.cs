using System.Globalization;

namespace Federation.Scenarios.Hosts;

/// <summary>What a kill run that failed, or took long, leaves to be looked into: what was seen of it, and what silos and agents have said. In the folder that the environment names; without one, nothing.</summary>
internal sealed class KillEvidence(HostedLab hosted, KillCase run)
{
    private readonly List<string> seen = [];
    private string last = "";

    private static string? Folder => Environment.GetEnvironmentVariable("FEDERATION_KILLS_EVIDENCE") is { Length: > 0 } folder ? folder : null;

    /// <summary>Notes what is so now, where it is another than before.</summary>
    public void Note(string now)
    {
        if (now != last)
        {
            seen.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {now}"));
            last = now;
        }
    }

    /// <summary>Writes it all down.</summary>
    public void Keep()
    {
        if (Folder is not { } folder)
        {
            return;
        }

        var own = Directory.CreateDirectory(Path.Combine(folder, $"{run.Seed}")).FullName;
        File.WriteAllLines(Path.Combine(own, "seen"), seen.Prepend($"{run}"));
        foreach (var (silo, index) in hosted.Silos.Select((silo, index) => (silo, index)))
        {
            File.WriteAllLines(Path.Combine(own, $"silo{index + 1}"), silo.Words);
        }

        foreach (var agent in hosted.Agents)
        {
            File.WriteAllText(Path.Combine(own, agent.Host.Name), agent.Log);
        }
    }
}
