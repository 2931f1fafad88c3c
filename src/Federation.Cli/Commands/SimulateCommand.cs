using System.CommandLine;
using Federation.Backtest;
using Federation.Backtest.Reports;
using Federation.Backtest.Scenarios;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Simulation;
using Federation.Cli.Terminals;
using Federation.Domain.Plans;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl simulate SCENARIO</c>: what would have happened under ours and other policies.</summary>
internal sealed class SimulateCommand
{
    private static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(10);

    private readonly Argument<string> scenario = new("SCENARIO") { Description = "A scenario file" };

    private readonly Option<string?> report = new("--out")
    {
        Description = "Write tables and plots into one HTML file", HelpName = "FILE",
    };

    private readonly Option<int?> seed = Values.Seed("Where chance comes from. Default: the scenario's");
    private readonly Option<int?> applications = Values.Count("--applications", "Run about so many applications in place of the scenario's, in the same proportions");
    private readonly Option<TimeSpan?> limit = Values.Duration("--time-limit", "How long one plan may take. Default 10s; one that is cut short may differ from run to run");
    private readonly Option<OutputFormat> output = Shared.Output();

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var command = new SimulateCommand();
        return new Verb(
            "simulate",
            "Run a scenario through virtual time under ours and other policies, and compare what they come to",
            "fedctl simulate sites/scenarios/quick.yaml",
            "fedctl simulate sites/scenarios/month.yaml --out month.html --seed 7 -o json")
        {
            Remarks = "The same scenario and seed give the same result. Progress goes to standard error.",
        }
            .With(command.scenario, command.report, command.seed, command.applications, command.limit, command.output)
            .Does((parse, cancel) => Task.FromResult(command.Run(parse, terminal, cancel)));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var path = parse.GetRequiredValue(scenario);
        var parsed = ScenarioFile.Parse(UserFile.Read(path), path);
        if (!new Checked<Scenario?>(parsed.Value, parsed.Faults).TryGet(terminal.Error, out var read))
        {
            return ExitCode.Error;
        }

        var chosen = parse.GetValue(seed) is { } number ? read! with { Seed = number } : read!;
        chosen = parse.GetValue(applications) is { } count ? chosen.WithApplications(count) : chosen;
        var options = new SolverOptions { TimeLimit = parse.GetValue(limit) ?? DefaultTimeLimit };
        var result = SimulationProgress.Show(terminal, progress => Backtests.Run(chosen, options, progress, cancel));
        if (parse.GetValue(report) is { } file)
        {
            Write(file, HtmlReport.Of(result));
            terminal.Error.WriteLine($"report written to {file}");
        }

        new Printer(terminal, parse.GetValue(output)).Print(result, () => BacktestPages.Compare(result));
        return ExitCode.Done;
    }

    private static void Write(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file}: cannot be written ({fault.Message})", fault);
        }
    }
}
