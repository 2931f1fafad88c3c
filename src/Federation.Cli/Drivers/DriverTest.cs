using System.Collections.Immutable;
using Federation.Actuation.Conformance;
using Federation.Actuation.PlugIns;
using Federation.Cli.Output;
using Federation.Cli.Terminals;

namespace Federation.Cli.Drivers;

/// <summary>A plug-in held against the port: a line for each check as it ends, and what it comes to.</summary>
internal sealed class DriverTest(Terminal terminal, OutputFormat format)
{
    /// <summary>The checks whose names contain a text; all, if it is null.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static ImmutableArray<DriverCheck> Named(string? text)
    {
        ImmutableArray<DriverCheck> checks =
            [.. ConformanceTest.Checks.Where(check => text is null || check.Name.Contains(text, StringComparison.OrdinalIgnoreCase))];
        return checks.IsEmpty ? throw new CommandFailure($"no check has '{text}' in its name; 'fedctl driver test PROGRAM --list' names them") : checks;
    }

    /// <summary>Names checks, a line each.</summary>
    public static int List(Terminal terminal, ImmutableArray<DriverCheck> checks)
    {
        foreach (var check in checks)
        {
            terminal.Out.WriteLine(check.Name);
        }

        return ExitCode.Done;
    }

    /// <summary>Makes checks.</summary>
    /// <exception cref="CommandFailure">The program is not there.</exception>
    public async Task<int> Run(PlugInStandOptions options, ImmutableArray<DriverCheck> checks, CancellationToken cancel)
    {
        if (!IsThere(options.PlugIn.Program))
        {
            // Every check would say so.
            throw new CommandFailure($"there is no program '{options.PlugIn.Program}': give a path, or a name that is in PATH");
        }

        // The machine's clock: what is waited for is a program that runs on it.
        var stand = new PlugInStand(options, TimeProvider.System);
        var results = ImmutableArray.CreateBuilder<CheckResult>();
        await foreach (var result in ConformanceTest.Run(stand, checks, cancel))
        {
            results.Add(result);
            if (format == OutputFormat.Table)
            {
                Tell(result);
            }
        }

        Sum(results.ToImmutable());
        return results.Any(result => result.Outcome == CheckOutcome.Failed) ? ExitCode.Error : ExitCode.Done;
    }

    private void Tell(CheckResult result)
    {
        var word = result.Outcome switch { CheckOutcome.Passed => "ok", CheckOutcome.Failed => "FAILED", _ => "-" };
        terminal.Out.WriteLine($"{word,-6}  {result.Name}");
        if (result.Reason is { } reason)
        {
            terminal.Out.WriteLine($"        {(result.Outcome == CheckOutcome.NotPromised ? "not held against it: " : "")}{Cells.Plain(reason)}");
        }
    }

    private void Sum(ImmutableArray<CheckResult> results)
    {
        if (format != OutputFormat.Table)
        {
            new Printer(terminal, format).Print(results, () => new Page());
            return;
        }

        int Of(CheckOutcome outcome) => results.Count(result => result.Outcome == outcome);
        terminal.Out.WriteLine($"{Of(CheckOutcome.Passed)} passed, {Of(CheckOutcome.Failed)} failed, {Of(CheckOutcome.NotPromised)} not promised");
    }

    private static bool IsThere(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
