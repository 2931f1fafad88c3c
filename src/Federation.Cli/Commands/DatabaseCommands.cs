using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Terminals;
using Federation.Storage;
using Federation.Storage.Postgres;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl db</c>: the tables of a service's database, without a service.</summary>
internal static class DatabaseCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("db", "The tables of a service's PostgreSQL database; talks to the database, not to the service")
            .With(Init(terminal), Migrate(terminal), Check(terminal));

    private static Verb Init(Terminal terminal) => Build(
        "init", "Make the tables in an empty database",
        (database, found, known) =>
        {
            if (found > 0)
            {
                throw new CommandFailure(
                    $"{database.Place} has schema version {found} already: 'fedctl db migrate' brings it to version {known}");
            }

            DatabaseSchema.Apply(database, terminal.Clock);
            terminal.Out.WriteLine($"{database.Place}: schema version {known} made");
            return ExitCode.Done;
        });

    private static Verb Migrate(Terminal terminal) => Build(
        "migrate", "Bring the tables to this version. All or nothing; run again, it changes nothing. Back the database up first",
        (database, found, known) =>
        {
            if (found == 0)
            {
                throw new CommandFailure($"{database.Place} has no schema yet: 'fedctl db init' makes it");
            }

            var change = Applied(database, terminal);
            terminal.Out.WriteLine(change.Before == change.After
                ? $"{database.Place}: schema version {known}, nothing to do"
                : $"{database.Place}: schema version {change.Before} brought to {change.After}");
            return ExitCode.Done;
        });

    private static Verb Check(Terminal terminal)
    {
        var verb = Build(
            "check", "Say which version the tables have",
            (database, found, known) =>
            {
                terminal.Out.WriteLine($"{database.Place}: schema version {found}, this fedctl has {known}: {Advice(found, known)}");
                return found == known ? ExitCode.Done : found < known ? ExitCode.Pending : ExitCode.Error;
            });
        return verb;
    }

    private static string Advice(int found, int known) =>
        found == known ? "nothing to do"
        : found == 0 ? "empty, 'fedctl db init' makes the tables"
        : found < known ? "older, 'fedctl db migrate' brings it up to date"
        : "newer, use a fedctl and a service at least as new as the one that wrote it";

    private static SchemaChange Applied(FederationDatabase database, Terminal terminal)
    {
        try
        {
            return DatabaseSchema.Apply(database, terminal.Clock);
        }
        catch (SchemaVersionException newer)
        {
            throw new CommandFailure(newer.Message, newer);
        }
    }

    private static Verb Build(string name, string description, Func<FederationDatabase, int, int, int> run)
    {
        var connection = new Option<string?>("--connection")
        {
            Description = "The connection string, without a password in it: others can read a command line", HelpName = "TEXT",
        };
        var file = new Option<string?>("--connection-file") { Description = "A file that holds the connection string", HelpName = "FILE" };
        return new Verb(
            name, description,
            $"fedctl db {name} --connection 'Host=/run/postgresql;Database=federation'",
            $"fedctl db {name} --connection-file /etc/federation/database")
        {
            Remarks = name == "check" ? "Exit code 0: up to date, 2: init or migrate is due, 1: newer, or an error." : "",
        }.With(connection, file).Does(async (parse, _) =>
        {
            await using var database = Open(parse.GetValue(connection), parse.GetValue(file));
            try
            {
                return run(database, DatabaseSchema.FoundVersion(database), DatabaseSchema.KnownVersion(database));
            }
            catch (StorageUnavailableException away)
            {
                throw new CommandFailure(away.Message, away);
            }
        });
    }

    private static PostgresDatabase Open(string? connection, string? file)
    {
        if (connection is null == file is null)
        {
            throw new CommandFailure("which database? Give either --connection TEXT or --connection-file FILE");
        }

        try
        {
            return new PostgresDatabase(connection ?? UserFile.Read(file!).Trim());
        }
        catch (ArgumentException fault)
        {
            throw new CommandFailure(
                $"that is no connection string such as Host=db;Database=federation;Username=federation: {fault.Message}", fault);
        }
    }
}
