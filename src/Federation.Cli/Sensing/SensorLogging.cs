using Microsoft.Extensions.Logging;

namespace Federation.Cli.Sensing;

/// <summary>How a sensor's log is written, on the standard error output.</summary>
internal static class SensorLogging
{
    /// <summary>Sets it up: a line for people, or a JSON object a line.</summary>
    /// <param name="logging">The sensor's.</param>
    /// <param name="isForPeople">Whether a person is looking at it.</param>
    public static void Configure(ILoggingBuilder logging, bool isForPeople)
    {
        if (isForPeople)
        {
            logging.AddSimpleConsole(simple =>
                (simple.SingleLine, simple.TimestampFormat, simple.UseUtcTimestamp) = (true, "HH:mm:ss'Z' ", true));
        }
        else
        {
            logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        }

        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
