using System.CommandLine;
using Federation.Actuation.PlugIns;
using Federation.Cli.Commandline;
using Federation.Cli.Drivers;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl driver</c>: drivers of hypervisors.</summary>
internal static class DriverCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("driver", "Drivers of hypervisors, held against what is asked of one; needs no service").With(Test(terminal));

    private static Verb Test(Terminal terminal)
    {
        var program = new Argument<string>("PROGRAM") { Description = "The plug-in: a path, or a name that is in PATH" };
        var arguments = new Argument<string[]>("ARGUMENT") { Description = "Its arguments; after -- if they begin with a dash", Arity = ArgumentArity.ZeroOrMore };
        var guest = new Option<string?>("--guest")
        {
            Description = "The VM that it starts and moves: a JSON file, as 'guest' in docs/drivers.md. Default: 16 MiB and an empty disk", HelpName = "FILE",
        };
        var directory = new Option<string?>("--directory")
        {
            Description = "Where both hosts keep what they have. Default: a folder that is gone afterwards", HelpName = "DIR",
        };
        var only = new Option<string?>("--only") { Description = "Only the checks whose names contain this", HelpName = "TEXT" };
        var list = new Option<bool>("--list") { Description = "Name the checks, and make none" };
        var patience = Values.Duration("--patience", "How long any call and anything that happens by itself may take. Default 60s");
        var output = Shared.Output();
        return new Verb(
            "test",
            "Hold a plug-in against what is asked of a driver, check by check, between two runs of it as two hosts",
            "fedctl driver test deploy/plug-ins/processes.py",
            "fedctl driver test my-cloud --guest small.json --patience 5m -- --region eu-1",
            "fedctl driver test my-cloud --only switch    # the checks whose names have 'switch' in them")
        {
            Remarks = "It starts and stops VMs named conformance/test/vm1, vm2 and so on. The program finds in its environment FEDERATION_HOST (a or b) and "
                + "FEDERATION_DIRECTORY (a folder of its host's own). What it does not promise is not held against it. "
                + "Exit code 0: no check failed; 1: some did.",
        }
            .With(program, arguments, guest, directory, only, list, patience, output)
            .Does(async (parse, cancel) =>
            {
                var checks = DriverTest.Named(parse.GetValue(only));
                if (parse.GetValue(list))
                {
                    return DriverTest.List(terminal, checks);
                }

                using var folder = new TestFolder(parse.GetValue(directory));
                var spec = new PlugInStandOptions
                {
                    PlugIn = new() { Program = parse.GetValue(program)!, Arguments = [.. parse.GetValue(arguments) ?? []] },
                    Directory = folder.Path,
                    Log = line => terminal.Error.WriteLine($"{parse.GetValue(program)}: {Output.Cells.Plain(line)}"),
                };
                spec = spec with { Patience = parse.GetValue(patience) ?? spec.Patience, Guest = GuestFile.Read(parse.GetValue(guest)) ?? spec.Guest };
                return await new DriverTest(terminal, parse.GetValue(output)).Run(spec, checks, cancel);
            });
    }
}
