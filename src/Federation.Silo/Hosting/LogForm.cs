using Microsoft.Extensions.Logging.Console;

namespace Federation.Silo.Hosting;

/// <summary>How the service's log is written: a line for people where one looks at it, a JSON object a line elsewhere.</summary>
/// <remarks><c>Logging:Console:FormatterName</c> decides otherwise.</remarks>
internal static class LogForm
{
    /// <summary>Sets it up.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="isForPeople">Whether the standard output is a terminal.</param>
    public static IServiceCollection AddLogForm(this IServiceCollection services, bool isForPeople) => services
        // After what the settings say, which was read before this.
        .Configure<ConsoleLoggerOptions>(console => console.FormatterName ??= isForPeople ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json)
        .Configure<SimpleConsoleFormatterOptions>(simple => (simple.SingleLine, simple.TimestampFormat, simple.UseUtcTimestamp) =
            (true, simple.TimestampFormat ?? "HH:mm:ss'Z' ", true))
        .Configure<JsonConsoleFormatterOptions>(json => (json.TimestampFormat, json.UseUtcTimestamp) =
            (json.TimestampFormat ?? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
}
