using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl validate</c>: checks site and application files.</summary>
internal static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var sites = new Option<string?>("--sites") { Description = "A folder of site files", HelpName = "DIR" };
        var application = new Option<string?>("--app")
        {
            Description = "An application file; with --sites its sites and offers are checked too", HelpName = "FILE",
        };
        return new Verb(
            "validate",
            "Check site and application files, and tell every fault at once",
            "fedctl validate --sites sites/",
            "fedctl validate --sites sites/ --app cg.yaml")
            .With(sites, application)
            .Does(parse => Run(terminal, parse.GetValue(sites), parse.GetValue(application)));
    }

    private static int Run(Terminal terminal, string? folder, string? file)
    {
        if (folder is null && file is null)
        {
            throw new CommandFailure("nothing to validate; give --sites DIR, --app FILE or both");
        }

        var (sites, application, faults) = FederationFiles.Read(folder, file);
        foreach (var fault in faults)
        {
            terminal.Error.WriteLine(fault);
        }

        if (!faults.IsEmpty)
        {
            terminal.Error.WriteLine($"fedctl: {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}");
            return ExitCode.Error;
        }

        if (sites is not null)
        {
            terminal.Out.WriteLine($"{folder}: {sites.Count} {(sites.Count == 1 ? "site" : "sites")}, no fault");
        }

        if (application is not null)
        {
            terminal.Out.WriteLine($"{file}: application {application.Id}, {application.Vms.Length} VMs, no fault");
        }

        return ExitCode.Done;
    }
}
