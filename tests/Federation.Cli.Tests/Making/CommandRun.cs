using System.Text.Json;
using Federation.Cli.Commands;
using Federation.Cli.Terminals;
using Xunit;

namespace Federation.Cli.Tests.Making;

/// <summary>What one run of the program gave.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 0, 10, TimeSpan.Zero);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Out);

    public string[] Lines => Out.TrimEnd('\n').Split('\n');

    public static Task<CommandRun> Of(params string[] args) => With([], args);

    public static Task<CommandRun> With(Dictionary<string, string> environment, string[] args) =>
        Until(environment, args, null, TestContext.Current.CancellationToken);

    /// <summary>A run that is stopped as if by Ctrl-C, and may write somewhere else than into <see cref="Out"/>; with answers: by somebody at a terminal.</summary>
    public static async Task<CommandRun> Until(
        Dictionary<string, string> environment, string[] args, TextWriter? output, CancellationToken cancel, string? answers = null)
    {
        // Unless a test says otherwise, there is no context file: the one of whoever runs the tests is none of theirs.
        var variables = new Dictionary<string, string> { ["FEDCTL_CONTEXT"] = "/nonexistent/context.json" };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        using var own = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = output ?? own, Error = error, Clock = new ImpatientClock(Now), Environment = variables.GetValueOrDefault,
            In = new StringReader(answers ?? ""), CanAsk = answers is not null,
        };
        var code = await Fedctl.Run(args, terminal, cancel);
        return new(code, own.ToString(), error.ToString());
    }
}
