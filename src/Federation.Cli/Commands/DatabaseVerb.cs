using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Storage.Sqlite;

namespace Federation.Cli.Commands;

/// <summary>A verb of <c>fedctl db</c>: it opens the database that its options name.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">What it does.</param>
internal sealed class DatabaseVerb(string name, string description)
{
    private const string FileName = "federation.db";

    private readonly Option<string?> connection = new("--connection")
    {
        Description = "PostgreSQL's connection string, without a password in it: others can read a command line", HelpName = "TEXT",
    };

    private readonly Option<string?> file = new("--connection-file") { Description = "A file that holds the connection string", HelpName = "FILE" };

    private readonly Option<string?> data = new("--data")
    {
        Description = "The data folder of a service with an embedded database", HelpName = "FOLDER",
    };

    /// <summary>What its help says on top.</summary>
    public string Remarks { get; init; } = "";

    /// <summary>The simulated hypervisor's folder in the data folder of an embedded database; null: there is none.</summary>
    public static string? HypervisorBeside(FederationDatabase database) =>
        database is SqliteDatabase && Path.Combine(Path.GetDirectoryName(database.Place)!, "hypervisor") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>Says what it does with the database, its version and the newest one.</summary>
    public Verb Does(Func<FederationDatabase, int, int, int> run) => Does((_, database, found, known) => run(database, found, known));

    /// <summary>The same for one that has options of its own.</summary>
    public Verb Does(Func<ParseResult, FederationDatabase, int, int, int> run, params Symbol[] options) => new Verb(
        name, description,
        $"fedctl db {name} --connection 'Host=/run/postgresql;Database=federation'",
        $"fedctl db {name} --connection-file /etc/federation/database",
        $"fedctl db {name} --data /var/lib/federation")
    {
        Remarks = Remarks,
    }.With([connection, file, data, .. options]).Does(async (parse, _) =>
    {
        await using var database = Open(parse.GetValue(connection), parse.GetValue(file), parse.GetValue(data));
        try
        {
            return run(parse, database, DatabaseSchema.FoundVersion(database), DatabaseSchema.KnownVersion(database));
        }
        catch (StorageUnavailableException away)
        {
            throw new CommandFailure(away.Message, away);
        }
        catch (InvalidDataException fault)
        {
            throw new CommandFailure($"{database.Place}: {fault.Message}; nothing was changed", fault);
        }
    });

    private static FederationDatabase Open(string? connection, string? file, string? data)
    {
        if (new[] { connection, file, data }.Count(given => given is not null) != 1)
        {
            throw new CommandFailure("which database? Give one of --connection TEXT, --connection-file FILE, --data FOLDER");
        }

        if (data is not null)
        {
            var path = Path.Combine(data, FileName);
            return File.Exists(path) ? new SqliteDatabase(path) : throw new CommandFailure($"there is no database {path}; the service makes it when it starts");
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
