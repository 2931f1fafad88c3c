using Federation.Sensor.Captures;
using Federation.Sensor.Counting;

namespace Federation.Cli.Analysis;

/// <summary>Counts capture files that a user names.</summary>
internal static class CaptureReading
{
    /// <summary>Everything that is in a capture.</summary>
    /// <exception cref="CommandFailure">It cannot be read at all.</exception>
    public static CaptureTraffic Read(string path, CancellationToken cancel)
    {
        try
        {
            return CaptureTraffic.Read(path, cancel);
        }
        catch (CaptureException fault)
        {
            throw new CommandFailure(fault.Message, fault);
        }
    }

    /// <summary>The warning that goes with a capture that could be read in part only.</summary>
    public static string TruncationOf(string path, long frames, string reason) =>
        $"fedctl: {path} is truncated: only its first {frames} frames were read ({reason})";
}
