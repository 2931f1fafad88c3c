using System.Globalization;
using Federation.Domain.Networks;

namespace Federation.Silo.Api;

/// <summary>Why frames go as they do, in words.</summary>
internal static class PathTexts
{
    /// <summary>Why a path is as it is.</summary>
    public static string Of(PeerPath path) => path.Why switch
    {
        PathReason.Met => "direct link",
        PathReason.NotMet when path.Kind == PathKind.Relay => "direct link, and the two do not reach each other",
        PathReason.NotMet => "the two have not met yet",
        PathReason.Star => $"star link{Rate(path)}, direct from {Megabits(path.DirectAbove)} on",
        PathReason.Busy => $"star link{Rate(path)}, direct from {Megabits(path.DirectAbove)} on",
        PathReason.BusyNotMet => $"star link{Rate(path)}, and the two have not met directly, or not for long enough",
        PathReason.DirectSilent => "nothing is heard on the direct path, or was not for long enough",
        PathReason.RelaySilent => $"relay {path.Silent} is silent, here or there",
        PathReason.NoRelay => "no relay is heard by both",
        _ => throw new ArgumentOutOfRangeException(nameof(path), path.Why, "it has no text"),
    };

    private static string Rate(PeerPath path) => path.BytesPerSecond is { } rate ? $", {Megabits(rate)}" : "";

    private static string Megabits(double bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond * 8 / 1e6:0.##} Mbit/s");
}
