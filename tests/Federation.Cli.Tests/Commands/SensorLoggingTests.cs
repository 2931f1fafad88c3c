using Federation.Cli.Sensing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class SensorLoggingTests
{
    [Theory]
    [InlineData(true, ConsoleFormatterNames.Simple)]
    [InlineData(false, ConsoleFormatterNames.Json)]
    public void A_sensors_log_is_for_people_on_a_terminal_and_for_programs_elsewhere(bool isForPeople, string formatter)
    {
        using var services = new ServiceCollection().AddLogging(logging => SensorLogging.Configure(logging, isForPeople)).BuildServiceProvider();
        var console = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;
        (console.FormatterName, console.LogToStandardErrorThreshold).ShouldBe((formatter, LogLevel.Trace));
    }
}
