using System.Collections.Immutable;
using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl validate</c>: checks site and application files.</summary>
internal static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var sites = new Option<string?>("--sites") { Description = "A folder of site files", HelpName = "DIR" };
        var applications = new Option<string[]>("--app")
        {
            Description = "An application file, a folder of them, or - for standard input; may be given several times. With --sites its sites and offers are checked too",
            HelpName = "FILE|DIR|-",
            AllowMultipleArgumentsPerToken = true,
        };
        var output = Shared.Output();
        return new Verb(
            "validate",
            "Check site and application files, and tell every fault at once, and what is allowed and hardly meant",
            "fedctl validate --sites sites/",
            "fedctl validate --sites sites/ --app cg.yaml",
            "fedctl validate --sites sites/ --app apps/ -o json")
        {
            Remarks = "Warnings leave the exit code at 0; faults make it 1.",
        }.With(sites, applications, output)
            .Does(parse => Run(terminal, parse.GetValue(sites), parse.GetValue(applications) ?? [], parse.GetValue(output)));
    }

    private static int Run(Terminal terminal, string? sites, string[] applications, OutputFormat format)
    {
        if (sites is null && applications.Length == 0)
        {
            throw new CommandFailure("nothing to validate; give --sites DIR, --app FILE or both");
        }

        var validation = Validation.Of(terminal, sites, applications);
        foreach (var line in validation.Faults.Select(fault => fault.ToString()).Concat(validation.Warnings.Select(warning => warning.ToString())))
        {
            terminal.Error.WriteLine(Cells.Plain(line));
        }

        if (format != OutputFormat.Table)
        {
            new Printer(terminal, format).Print(validation.Document, () => new Page());
        }
        else if (validation.Faults.IsEmpty)
        {
            // Lines, no page: what draws tables takes a while to load, and this is run again and again.
            Summarize(validation, sites, terminal.Out);
        }

        if (validation.Faults.IsEmpty)
        {
            return ExitCode.Done;
        }

        terminal.Error.WriteLine($"fedctl: {Counted(validation.Faults.Length, "fault")}");
        return ExitCode.Error;
    }

    private static void Summarize(Validation validation, string? folder, TextWriter output)
    {
        if (folder is not null)
        {
            output.WriteLine($"{folder}: {Counted(validation.Sites.Length, "site")}, {Sound(validation.Warnings, validation.Sites.Select(site => site.Name))}");
        }

        foreach (var file in validation.Applications)
        {
            output.WriteLine($"{file.Name}: application {file.Model.Id}, {file.Model.Vms.Length} VMs, {Sound(validation.Warnings, [file.Name])}");
        }
    }

    private static string Sound(ImmutableArray<FileWarning> warnings, IEnumerable<string> files) =>
        warnings.Count(warning => files.Contains(warning.File)) is var count && count > 0 ? $"no fault, {Counted(count, "warning")}" : "no fault";

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
