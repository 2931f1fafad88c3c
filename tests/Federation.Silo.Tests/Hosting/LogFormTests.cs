using System.Text;
using System.Text.Json;
using Federation.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Hosting;

public sealed class LogFormTests
{
    [Fact]
    public void On_a_terminal_the_log_is_a_line_of_text() => Written(isForPeople: true).ShouldMatch("^[0-9]{2}:[0-9]{2}:[0-9]{2}Z warn: silo\\[7\\] two words\n$");

    [Fact]
    public void Elsewhere_the_log_is_a_JSON_object_a_line()
    {
        var written = Written(isForPeople: false);
        written.Trim().ShouldNotContain('\n');
        var entry = JsonSerializer.Deserialize<JsonElement>(written);
        entry.GetProperty("Message").GetString().ShouldBe("two words");
        entry.GetProperty("Timestamp").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_settings_decide_otherwise() =>
        Written(isForPeople: false, ("Logging:Console:FormatterName", "simple"), ("Logging:Console:FormatterOptions:TimestampFormat", "'at noon '"))
            .ShouldStartWith("at noon warn: silo[7] two words");

    private static string Written(bool isForPeople, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole())
            .AddLogForm(isForPeople).BuildServiceProvider();
        var chosen = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        var text = new StringBuilder();
        using var writer = new StringWriter(text);
        services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == chosen).Write(
            new LogEntry<string>(LogLevel.Warning, "silo", new EventId(7), "two words", null, (state, _) => state), null, writer);
        return text.ToString();
    }
}
