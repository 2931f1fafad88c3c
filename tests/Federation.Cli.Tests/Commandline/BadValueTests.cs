using System.CommandLine;
using Federation.Cli.Commands;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commandline;

public sealed class BadValueTests
{
    // Of no type: empty, and what would end a line or steer a terminal.
    private static readonly string[] NeverGood = ["", " ", "a\nb", "\u001b[2J"];

    // Of no type but a text.
    private static readonly string[] NoFigure =
        ["x", "-", "0x10", "1e999", "-1e999", "NaN", "Infinity", "∞", "5 parsecs", "12:00", "2026-13-45T00:00Z", "{}", "'", "½"];

    // Each may be a text that a command takes: then the service has no such thing, or there is no such file.
    private static readonly string[] Odd = [.. NoFigure, "..", ".", "/", "a/b/c", "%2e", "ü x", "=", ",", "[", "http://", new('x', 5000)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_bad_value_of_any_option_or_argument_gives_one_line_and_exit_code_1(string command)
    {
        var lines = CommandLines.All.Single(line => line.ToString() == command);
        foreach (var symbol in lines.Options.Cast<Symbol>().Concat(lines.Command.Arguments))
        {
            foreach (var value in NeverGood.Concat(IsText(symbol) ? [] : NoFigure))
            {
                await ShouldBeOneLine(lines.With(symbol, Given(symbol, value)), symbol);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_option_without_a_value_or_with_two_gives_one_line_and_exit_code_1(string command)
    {
        var lines = CommandLines.All.Single(line => line.ToString() == command);
        foreach (var option in lines.Options.Where(option => option.ValueType != typeof(bool)))
        {
            await ShouldBeOneLine(lines.With(option, option.Name), option);
            if (option.Arity.MaximumNumberOfValues == 1)
            {
                await ShouldBeOneLine(lines.With(option, option.Name, "1", option.Name, "1"), option);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_odd_value_never_ends_in_a_stack(string command)
    {
        using var folder = new TemporaryFolder();
        await using var service = await RecordedService.Start();
        var lines = CommandLines.All.Single(line => line.ToString() == command);
        foreach (var symbol in lines.Options.Where(option => !WritesFiles(option)).Cast<Symbol>().Concat(lines.Command.Arguments))
        {
            foreach (var value in Odd)
            {
                var run = await CommandRun.With(
                    new() { ["FEDCTL_SERVER"] = service.Address, ["FEDCTL_CONTEXT"] = folder["context.json"], ["FEDCTL_TOKEN"] = "s3cret" },
                    lines.With(symbol, Given(symbol, value)));
                run.Error.ShouldNotContain(Fedctl.Bug, customMessage: $"{symbol.Name} '{value}'");
                run.ExitCode.ShouldBeInRange(ExitCode.Done, ExitCode.Infeasible, $"{symbol.Name} '{value}'");
            }
        }
    }

    [Theory]
    [InlineData("traffic cg-8 --period 5", "--period: '5' has no unit; write a duration such as 30s, in one of ns, us, ms, s, m, h, d")]
    [InlineData("traffic cg-8 --period 0s", "--period: '0s' is not more than zero; write a duration such as 2h")]
    [InlineData("traffic cg-8 --period 45s", "--period: '45s' is not a whole number of 30 s windows; write 30s, 5m or 1h")]
    [InlineData("group list cg-8 --ratio x", "--ratio: 'x' is not a number from 0 to 1")]
    [InlineData("analyze F --floor x", "--floor: 'x' is not a number of at least 0")]
    [InlineData("plan list --limit 0", "--limit: '0' is not a whole number from 1 to 100")]
    [InlineData("plan list --limit 99999999999999999999", "--limit: '99999999999999999999' is not a whole number from 1 to 100")]
    [InlineData("events --after x", "--after: 'x' is not a whole number of at least 0")]
    [InlineData("site get ..", "'..' names nothing")]
    [InlineData("apply x --yes=maybe", "--yes: 'maybe' is not true or false")]
    public async Task What_was_typed_is_said_with_what_would_be_right(string line, string says)
    {
        var run = await CommandRun.Of(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldStartWith($"fedctl: {says}");
        run.Error.TrimEnd().ShouldNotContain("\n");
    }

    public static TheoryData<string> Commands() => [.. CommandLines.All.Select(line => line.ToString())];

    private static async Task ShouldBeOneLine(string[] line, Symbol symbol)
    {
        var run = await CommandRun.Of(line);
        var typed = string.Join(' ', line);

        run.ExitCode.ShouldBe(ExitCode.Error, typed);
        run.Out.ShouldBeEmpty(typed);
        run.Error.TrimEnd('\n').ShouldNotContain("\n", customMessage: typed);
        run.Error.ShouldStartWith($"fedctl: ", customMessage: typed);
        run.Error.ShouldNotContain(Fedctl.Bug, customMessage: typed);
        run.Error.ShouldNotContain("System.", customMessage: typed);
        run.Error.ShouldContain(symbol.Name, customMessage: typed);
    }

    // A value that begins like an option stands behind an equals sign.
    private static string[] Given(Symbol symbol, string value) =>
        symbol is Option ? [$"{symbol.Name}={value}"] : value.StartsWith('-') ? ["--", value] : [value];

    private static bool IsText(Symbol symbol) => symbol switch
    {
        Option option => option.ValueType == typeof(string) || option.ValueType == typeof(string[]),
        Argument argument => argument.ValueType == typeof(string) || argument.ValueType == typeof(string[]),
        _ => false,
    };

    private static bool WritesFiles(Option option) => option.Name is "--directory" or "--client" or "--silo";
}
