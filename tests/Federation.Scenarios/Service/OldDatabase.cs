using System.Data.Common;
using System.Diagnostics;
using System.Reflection;
using Federation.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>A database that the version before wrote, with its hypervisor's files, for real processes of this version.</summary>
internal sealed class OldDatabase : IAsyncDisposable
{
    private static readonly string Fedctl = Path.GetFullPath(typeof(OldDatabase).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Fedctl").Value!);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-before-");
    private readonly PostgresCluster? server;
    private readonly string connection;

    private OldDatabase(PostgresCluster? server, string? connection) => (this.server, this.connection) =
        (server, connection ?? new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "federation.db"), Pooling = false }.ToString());

    /// <summary>What a silo has to be told to work with it.</summary>
    public string[] Settings => server is null
        ? [$"--Federation:Data={folder.FullName}"]
        : [$"--Federation:Database={connection}", $"--Federation:Hypervisor={Hypervisor}"];

    private string[] Place => server is null ? ["--data", folder.FullName] : ["--connection", connection, "--hypervisor", Hypervisor];

    private string Hypervisor => Path.Combine(folder.FullName, "hypervisor");

    /// <summary>The folder of what the version before left in a kind of database, and what it answered.</summary>
    public static string Recorded(string kind) => Path.Combine(AppContext.BaseDirectory, "before-identity", kind);

    /// <summary>Makes one: <c>sqlite</c> or <c>postgres</c>.</summary>
    public static async Task<OldDatabase> Make(string kind)
    {
        var dump = Path.Combine(Recorded(kind), "federation.sql");
        var server = kind == "postgres" ? await PostgresCluster.Start() : null;
        var made = new OldDatabase(server, server is null ? null : await server.CreateDatabase("federation"));
        if (server is null)
        {
            // A dump names tables before those that they refer to.
            made.Execute("PRAGMA foreign_keys = OFF;" + await File.ReadAllTextAsync(dump, TestContext.Current.CancellationToken));
        }
        else
        {
            await server.Load("federation", dump);
        }

        Copy(Path.Combine(Recorded(kind), "hypervisor"), made.Hypervisor);
        return made;
    }

    /// <summary>Begins to upgrade it, in a process of its own whose words can be read.</summary>
    public Process Upgrade() => Process.Start(new ProcessStartInfo("dotnet", [Fedctl, "db", "upgrade", .. Place]) { RedirectStandardOutput = true })!;

    /// <summary>Upgrades it; the exit code.</summary>
    public async Task<int> Upgraded()
    {
        using var upgrade = Upgrade();
        await upgrade.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await upgrade.WaitForExitAsync(TestContext.Current.CancellationToken);
        return upgrade.ExitCode;
    }

    /// <summary>Runs some SQL in it.</summary>
    public void Execute(string sql) => Run(sql, command => command.ExecuteNonQuery());

    /// <summary>The version of its schema.</summary>
    public int Version() => Convert.ToInt32(Run("SELECT MAX(version) FROM schema_version", command => command.ExecuteScalar()), null);

    /// <summary>Every row of what a service works with, and the hypervisor's files as they lie under the version before.</summary>
    public string Everything() => string.Join('\n', [.. Rows(), .. Directory.GetFiles(Hypervisor, "*.json", SearchOption.AllDirectories)
        .Where(file => !file.Contains("%2F", StringComparison.Ordinal)).Order().Select(file => $"{file} {File.ReadAllText(file)}")]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private IEnumerable<string> Rows() => ((string[])["orleans_storage", "orleans_reminder", "orleans_membership", "traffic_window", "event", "audit", "schema_version"])
        .SelectMany(table => Run($"SELECT * FROM {table}", command =>
        {
            var rows = new List<string>();
            using var reader = command.ExecuteReader();
            var values = new object[reader.FieldCount];
            while (reader.Read())
            {
                reader.GetValues(values);
                rows.Add($"{table} {string.Join('|', values.Select(value => value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}"))}");
            }

            return rows.Order(StringComparer.Ordinal);
        }));

    private T Run<T>(string sql, Func<DbCommand, T> work)
    {
        using DbConnection open = server is null ? new SqliteConnection(connection) : new NpgsqlConnection(connection + ";Pooling=false");
        open.Open();
        using var command = open.CreateCommand();
#pragma warning disable CA2100 // The statements are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return work(command);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
