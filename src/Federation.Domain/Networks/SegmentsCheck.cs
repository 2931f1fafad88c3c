using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>Holds an agent's question for news against what one has to be: it was read from text that anybody may have written.</summary>
public static class SegmentsCheck
{
    /// <summary>Segments of a host at most.</summary>
    public const int Segments = 10_000;

    /// <summary>The longest wait, seconds.</summary>
    public const double LongestWaitSeconds = 20;

    /// <summary>What is wrong with a question; null: nothing.</summary>
    public static string? FaultOf(SegmentsKnown? known) => known switch
    {
        null => "the question is empty",
        { Known: null } => "known: the revisions are missing: write {} where there are none",
        { Known.Count: > Segments } => $"known: there are {known.Known.Count} segments, more than {Segments}",
        { WaitSeconds: not (>= 0 and <= LongestWaitSeconds) } => $"waitSeconds is {known.WaitSeconds}, not from 0 to {LongestWaitSeconds}",
        _ => FaultOfRevisions(known),
    };

    private static string? FaultOfRevisions(SegmentsKnown known)
    {
        foreach (var (key, revision) in known.Known)
        {
            if (!AppId.TryParse(key, out var application) || !application.IsWhole || application.Key != key)
            {
                return $"known: '{key}' is not TENANT/APPLICATION.INCARNATION";
            }

            if (revision < 0)
            {
                return $"known: revision {revision} of {key} is less than 0";
            }
        }

        return null;
    }
}
