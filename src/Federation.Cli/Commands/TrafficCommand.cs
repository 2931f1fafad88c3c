using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Traffic;
using Federation.Yaml.Quantities;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl traffic APP</c>: who sent how much to whom.</summary>
internal sealed class TrafficCommand
{
    private readonly Argument<string> application = new("APP") { Description = "The application's name" };
    private readonly Option<TimeSpan?> period = Values.Duration(
        "--period", "How far back; whole windows of 30 s. Default 5m", Durations.PositiveSpan.That(
            span => span.Ticks % Window.Length.Ticks == 0, "is not a whole number of 30 s windows", "write 30s, 5m or 1h"));

    private readonly Option<DateTimeOffset?> until = Values.Instant("--until", "Where the period ends. Default: the last window that has closed");
    private readonly Option<TimeSpan?> wait = Values.Wait("--wait", "How long to wait for the period's last window. Default: not at all");

    private readonly Option<bool> approximate = new("--approximate")
    {
        Description = "Estimate what is missing of the last window from the window before",
    };

    private readonly Option<string?> form = new("--as")
    {
        Description = "One matrix per window, their mean, or a mean in which a window weighs i times as much as the one before it. Default mean",
        HelpName = "detailed|mean|weighted=i",
    };

    private TrafficCommand()
    {
        form.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !AnswerForm.TryParse(token.Value, out _)))
            {
                result.AddError($"--as: '{token.Value}' is not one of detailed, mean, weighted=NUMBER");
            }
        });
    }

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var command = new TrafficCommand();
        return new Verb(
            "traffic",
            "Show who sent how much to whom over a period",
            "fedctl traffic cg",
            "fedctl traffic cg --period 5m --wait 10s --approximate --as detailed",
            "fedctl traffic cg --as weighted=2 -o json")
            .With(command.application, command.period, command.until, command.wait, command.approximate, command.form)
            .Calls(terminal, call => call.Show<TrafficDocument>(
                command.RouteFor(call.Parse), TrafficPages.Of, call.Parse.GetValue(command.wait) ?? TimeSpan.Zero));
    }

    private Route RouteFor(ParseResult parse) => Route.To("applications", parse.GetRequiredValue(application), "traffic")
        .With("windows", (parse.GetValue(period) ?? TimeSpan.FromMinutes(5)).Ticks / Window.Length.Ticks)
        .With("until", parse.GetValue(until)?.ToString("O"))
        .With("wait", parse.GetValue(wait)?.TotalSeconds)
        .With("approximate", parse.GetValue(approximate))
        .With("as", parse.GetValue(form) ?? "mean");
}
