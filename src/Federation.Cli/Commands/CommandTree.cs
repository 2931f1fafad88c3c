using System.CommandLine;
using System.CommandLine.Help;
using Federation.Cli.Commandline;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    private const string Description = """
        Places the VMs of distributed applications over a federation of clouds and grids, and moves them when that pays.

        analyze, validate, simulate and plan --offline work on files; all other commands talk to a placement service.
        """;

    /// <summary>The root of the tree, for one run.</summary>
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(Description)
        {
            AnalyzeCommand.Create(terminal),
            PlanCommands.Create(terminal),
            ApplyCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            SiteCommands.Create(terminal),
            PolicyCommands.Create(terminal),
            ApplicationCommands.Create(terminal),
            VmCommands.Create(terminal),
            GroupCommands.Create(terminal),
            TrafficCommand.Create(terminal),
            MigrationCommands.Create(terminal),
            EventsCommand.Create(terminal),
            TopCommand.Create(terminal),
            DashboardCommand.Create(terminal),
            SensorCommand.Create(terminal),
            ContextCommands.Create(terminal),
            AuditCommands.Create(terminal),
            DoctorCommand.Create(terminal),
            DatabaseCommands.Create(terminal),
            TokenCommands.Create(terminal),
            CertificateCommands.Create(terminal),
        };
        Texts.Guard(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new ExampleHelp((HelpAction)help.Action!);
        }

        return root;
    }
}
