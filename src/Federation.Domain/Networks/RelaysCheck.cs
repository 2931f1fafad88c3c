namespace Federation.Domain.Networks;

/// <summary>Holds an agent's question about relays against what one has to be: it was read from text that anybody may have written.</summary>
public static class RelaysCheck
{
    /// <summary>Paths that a host tells at most: those with the most traffic.</summary>
    public const int Paths = 1_000;

    /// <summary>The longest stamp, characters.</summary>
    public const int LongestStamp = 64;

    /// <summary>What is wrong with a question; null: nothing.</summary>
    public static string? FaultOf(RelayQuestion? question) => question switch
    {
        null => "the question is empty",
        { Stamp.Length: > LongestStamp } => $"stamp: it is longer than {LongestStamp} characters",
        { Heard.IsDefault: true } or { Paths.IsDefault: true } => "heard or paths is missing: write [] where there are none",
        { Heard.Length: > RelayNews.MostRelays } => $"heard: there are {question.Heard.Length} relays, more than {RelayNews.MostRelays}",
        { Paths.Length: > Paths } => $"paths: there are {question.Paths.Length}, more than {Paths}",
        { WaitSeconds: not (>= 0 and <= SegmentsCheck.LongestWaitSeconds) } => $"waitSeconds is {question.WaitSeconds}, not from 0 to {SegmentsCheck.LongestWaitSeconds}",
        _ when question.Paths.Any(path => path is null) => "paths: one is null",
        _ when question.Paths.Any(path => !IsRate(path.BytesPerSecond ?? 0) || !IsRate(path.DirectAbove)) => "paths: a rate is less than 0, or without end",
        _ when question.Heard.Concat(question.Paths.SelectMany(path => new[] { path.Host, path.Relay, path.Silent }.Where(host => host is not null).Select(host => host!.Value))).Any(host => host == default) =>
            "heard or paths: one names no host",
        _ => null,
    };

    private static bool IsRate(double bytesPerSecond) => bytesPerSecond >= 0 && double.IsFinite(bytesPerSecond);
}
