using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Terminals;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Storage.Upgrading;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl db</c>: a service's database, without a service.</summary>
internal static class DatabaseCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("db", "A service's database; talks to the database, not to the service")
            .With(Init(terminal), Upgrade(terminal), Check(terminal), Roles(terminal));

    private static Verb Init(Terminal terminal) => new DatabaseVerb("init", "Make the tables in an empty database").Does((database, found, known) =>
    {
        if (found > 0)
        {
            throw new CommandFailure(
                $"{database.Place} has schema version {found} already: 'fedctl db upgrade' brings it to version {known}");
        }

        DatabaseSchema.Apply(database, terminal.Clock);
        terminal.Out.WriteLine($"{database.Place}: schema version {known} made");
        return ExitCode.Done;
    });

    private static Verb Check(Terminal terminal) => new DatabaseVerb("check", "Say which version the database has")
    {
        Remarks = "Exit code 0: up to date, 2: init or upgrade is due, 1: newer, or an error.",
    }.Does((database, found, known) =>
    {
        terminal.Out.WriteLine($"{database.Place}: schema version {found}, this fedctl has {known}: {Advice(found, known)}");
        return found == known ? ExitCode.Done : found < known ? ExitCode.Pending : ExitCode.Error;
    });

    private static Verb Roles(Terminal terminal)
    {
        var silo = new Option<string>("--silo") { Description = "The role by which silos open the database; it is there, and owns nothing", HelpName = "ROLE", Required = true };
        return new DatabaseVerb("roles", "Give the silos' role the rights that a silo needs, and take all others from it")
        {
            Remarks = "For PostgreSQL; connect as the owner of the tables. Run it after 'db init' and after each 'db upgrade'. Run again, it changes nothing.",
        }.Does(
            (parse, database, found, known) =>
            {
                if (database is not PostgresDatabase server)
                {
                    throw new CommandFailure($"{database.Place} is an embedded database: it has no roles, its file's mode says who may use it");
                }

                if (found != known)
                {
                    throw new CommandFailure($"{database.Place} has schema version {found}, this fedctl has {known}: {Advice(found, known)}");
                }

                var role = parse.GetRequiredValue(silo);
                if (SiloRole.Grant(server, role, terminal.Clock) is { } refusal)
                {
                    throw new CommandFailure($"{database.Place}: {refusal}");
                }

                terminal.Out.WriteLine($"{database.Place}: role {role} has the rights of a silo, and no others");
                return ExitCode.Done;
            },
            silo);
    }

    private static string Advice(int found, int known) =>
        found == known ? "nothing to do"
        : found == 0 ? "empty, 'fedctl db init' makes the tables"
        : found < known ? "older, 'fedctl db upgrade' brings it up to date"
        : "newer, use a fedctl and a service at least as new as the one that wrote it";

    private static Verb Upgrade(Terminal terminal)
    {
        var hypervisor = new Option<string?>("--hypervisor")
        {
            Description = "The simulated hypervisor's folder, where it is used: its VMs get new names too. With --data: hypervisor in that folder", HelpName = "FOLDER",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Do all of it, then take it back: says whether it would succeed" };
        return new DatabaseVerb("upgrade", "Bring the database of the version before to this version, while every silo is stopped. Back it up first")
        {
            Remarks = "All or nothing, in one transaction; run again, it changes nothing. Refused while a silo is alive or a plan is being carried out.",
        }.Does(
            (parse, database, found, known) =>
            {
                if (found == 0)
                {
                    throw new CommandFailure($"{database.Place} has no schema yet: 'fedctl db init' makes it");
                }

                var isTrial = parse.GetValue(dryRun);
                var folder = parse.GetValue(hypervisor) ?? DatabaseVerb.HypervisorBeside(database);
                var outcome = DatabaseUpgrade.Run(
                    database, folder is null ? null : new(folder), isTrial, terminal.Clock, step => terminal.Out.WriteLine($"  {step}"));
                terminal.Out.WriteLine(
                    outcome.Refusal is { } reason ? throw new CommandFailure(reason)
                    : outcome.Change.Before == known ? $"{database.Place}: schema version {known}, nothing to do"
                    : isTrial ? $"{database.Place}: schema version {found} can be brought to {known}; nothing was changed"
                    : $"{database.Place}: schema version {found} brought to {known}");
                return ExitCode.Done;
            },
            hypervisor,
            dryRun);
    }
}
