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

        analyze, validate, simulate and plan --offline work on files, driver test on a program; all other commands talk to a placement service.
        """;

    // What the program's own help shows of each. It stands here too, so that a start makes only what its command line names: all of them have some
    // two hundred options, and to make those took as long as the rest of the start. A test compares both.
    private static readonly Entry[] Entries =
    [
        new("analyze", "CAPTURE", "Count the traffic in a capture file, and find its communication groups", AnalyzeCommand.Create),
        new("plan", "APP", "Work out where an application's VMs should be, and whether moving them pays; moves nothing", PlanCommands.Create),
        new("apply", "PLAN", "Apply a plan, and wait until its migrations have ended. Says first how many VMs move and what it costs, and asks on a terminal", ApplyCommand.Create),
        new("validate", null, "Check site and application files, and tell every fault at once, and what is allowed and hardly meant", ValidateCommand.Create),
        new("simulate", "SCENARIO", "Run a scenario through virtual time under ours and other policies, and compare what they come to", SimulateCommand.Create),
        new("site", null, "The sites of the federation", SiteCommands.Create),
        new("policy", null, "What sites offer and allow, by their files; for a site's administrator his own", PolicyCommands.Create),
        new("app", null, "The applications: virtual clusters and what they want", ApplicationCommands.Create),
        new("vm", null, "The VMs of applications, and where they are", VmCommands.Create),
        new("group", null, "Communication groups: VMs that should stay together", GroupCommands.Create),
        new("traffic", "APP", "Show who sent how much to whom over a period", TrafficCommand.Create),
        new("network", "APP", "Show an application's network: where each interface is, where moves take it, which hosts do not know it yet, and by which paths frames go", NetworkCommand.Create),
        new("migration", null, "Moves of VMs from host to host and from site to site", MigrationCommands.Create),
        new("events", null, "Show what happened, and with --follow what is happening", EventsCommand.Create),
        new("top", null, "Show sites, applications and the newest events, and keep them up to date", TopCommand.Create),
        new("portal", null, "The service's pages, for a browser", PortalCommands.Create),
        new("dashboard", null, "Show the silos and their grains in a browser of this machine, until stopped; for auditors and administrators of the federation", DashboardCommand.Create),
        new("host", null, "The hosts of sites, on which VMs run, and the agent of this host", HostCommands.Create),
        new("sensor", null, "Count VMs' traffic and report it to the service", SensorCommand.Create),
        new("driver", null, "Drivers of hypervisors, held against what is asked of one; needs no service", DriverCommands.Create),
        new("context", null, "Which service to talk to, with which token and certificates, when nothing else says so", ContextCommands.Create),
        new("audit", null, "Who did what, and who was refused; for auditors and administrators of the federation", AuditCommands.Create),
        new("doctor", null, "Compare what sites, hypervisors and the service know of VMs and their places; for administrators of the federation", DoctorCommand.Create),
        new("db", null, "A service's database; talks to the database, not to the service", DatabaseCommands.Create),
        new("token", null, "Tokens of the service's built-in issuer", TokenCommands.Create),
        new("certs", null, "Certificates for TLS, of a private authority; needs no service", CertificateCommands.Create),
    ];

    /// <summary>The whole tree.</summary>
    public static RootCommand Create(Terminal terminal) => Create(terminal, _ => true);

    /// <summary>The tree for one run: commands that the arguments do not name have a name and a description, and nothing below it.</summary>
    /// <param name="terminal">Where it runs.</param>
    /// <param name="args">The arguments.</param>
    public static RootCommand For(Terminal terminal, IReadOnlyCollection<string> args) => Create(terminal, args.Contains);

    private static RootCommand Create(Terminal terminal, Func<string, bool> isNamed)
    {
        var root = new RootCommand(Description);
        foreach (var entry in Entries)
        {
            root.Add(isNamed(entry.Name) ? entry.Make(terminal) : entry.Outline());
        }

        Texts.Guard(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new ExampleHelp((HelpAction)help.Action!);
        }

        return root;
    }

    private sealed record Entry(string Name, string? Argument, string Description, Func<Terminal, Verb> Make)
    {
        public Verb Outline() => Argument is null ? new(Name, Description) : new Verb(Name, Description).With(new Argument<string>(Argument));
    }
}
