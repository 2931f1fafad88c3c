using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commandline;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("analyse x", "did you mean 'analyze'?")]
    [InlineData("plna cg", "did you mean 'plan'?")]
    [InlineData("site lits", "did you mean 'list'?")]
    [InlineData("plan cg --sovler exact", "did you mean '--solver'?")]
    [InlineData("traffic cg --perod 5m", "did you mean '--period'?")]
    public async Task What_is_not_known_brings_up_what_is(string line, string suggestion)
    {
        var run = await CommandRun.Of(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(suggestion);
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_stands_before_a_command_counts_as_if_it_stood_behind_it()
    {
        (await CommandRun.Of("--output=xml", "analyze", "x")).Error.ShouldContain("--output: 'xml' is not one of table, json, yaml");
        (await CommandRun.Of("--server", "http://a", "analyze", "x")).Error.ShouldContain("'--server' is no option of 'analyze'");
    }

    [Fact]
    public async Task A_word_that_is_like_no_command_brings_up_the_list_of_commands_only()
    {
        var run = await CommandRun.Of("xylophone");

        run.Error.ShouldNotContain("did you mean");
        run.Error.ShouldContain("commands: analyze, plan, apply");
    }

    [Fact]
    public async Task Every_fault_of_a_command_line_is_told()
    {
        var run = await CommandRun.Of("analyze", "x", "--ratio", "3", "--floor", "-1", "--metric", "frames", "-o", "xml");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("--ratio: '3' is not a number from 0 to 1");
        run.Error.ShouldContain("--floor: '-1' is not a number of at least 0");
        run.Error.ShouldContain("--metric: 'frames' is not one of packets, bytes");
        run.Error.ShouldContain("--output: 'xml' is not one of table, json, yaml");
    }

    [Theory]
    [InlineData("--period", "3", "has no unit")]
    [InlineData("--period", "0s", "is not more than zero")]
    [InlineData("--period", "3 parsecs", "has the unknown unit 'parsecs'")]
    [InlineData("--at", "2026-11-23T18:00", "has no time zone")]
    [InlineData("--at", "yesterday", "is no time")]
    [InlineData("--time-limit", "soon", "is not a duration")]
    [InlineData("--solver", "guess", "is not one of auto, exact, search")]
    public async Task A_value_that_cannot_be_read_is_named_with_what_is_wrong(string option, string value, string problem)
    {
        var run = await CommandRun.Of("plan", "--offline", option, value);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain($"{option}: '{value}' {problem}");
    }

    [Fact]
    public async Task Without_a_command_the_help_goes_to_the_error_stream()
    {
        var run = await CommandRun.Of();

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("analyze <CAPTURE>");
    }

    [Fact]
    public async Task Without_a_verb_the_help_is_about_the_noun()
    {
        var run = await CommandRun.Of("site");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("describe <SITE>");
    }

    [Theory]
    [InlineData("analyze")]
    [InlineData("plan")]
    [InlineData("plan describe")]
    [InlineData("apply")]
    [InlineData("validate")]
    [InlineData("site apply")]
    [InlineData("app apply")]
    [InlineData("vm list")]
    [InlineData("group list")]
    [InlineData("traffic")]
    [InlineData("migration list")]
    [InlineData("events")]
    [InlineData("top")]
    [InlineData("sensor run")]
    [InlineData("context set")]
    public async Task Help_shows_an_example(string command)
    {
        var run = await CommandRun.Of([.. command.Split(' '), "--help"]);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldBeEmpty();
        run.Out.ShouldContain($"Examples:{Environment.NewLine}  fedctl {command}");
    }

    [Fact]
    public async Task The_help_of_plan_says_what_its_exit_codes_mean() =>
        (await CommandRun.Of("plan", "--help")).Out.ShouldContain("Exit code 0: stay; 2: place or migrate; 3:");

    [Theory]
    [InlineData("plan", "which application?")]
    [InlineData("plan cg --sites x", "--sites can be given only with --offline")]
    [InlineData("plan cg --offline", "with --offline the application is given by --app FILE")]
    [InlineData("plan --offline --sites x", "plan --offline needs --app FILE")]
    [InlineData("plan --offline --sites x --app y --traffic z", "plan --offline needs --period DURATION")]
    [InlineData("plan --offline --sites x --app y --period 30s", "plan --offline needs --traffic CSV")]
    [InlineData("plan --offline --windows 3", "--windows can be given not with --offline")]
    [InlineData("validate", "nothing to validate")]
    [InlineData("context set", "nothing to remember")]
    public async Task A_command_line_that_asks_for_nothing_sensible_is_refused(string line, string reason)
    {
        var run = await CommandRun.Of(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(reason);
        run.Out.ShouldBeEmpty();
    }
}
