using System.Diagnostics;
using System.Globalization;

namespace Federation.Testing;

/// <summary>A PostgreSQL cluster of a test's own: in a temporary folder, on a free port of 127.0.0.1, gone when it is disposed.</summary>
/// <remarks>Durable as a real one (fsync on). As root it runs as the user <c>postgres</c>, since PostgreSQL refuses root.</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "federation";

    private readonly string binaries;
    private readonly string directory;
    private bool isKilled;

    private PostgresCluster(string binaries, string directory, int port) =>
        (this.binaries, this.directory, Port) = (binaries, directory, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The postmaster's process, whose children are its sessions.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(directory, "data");

    /// <summary>Makes and starts one.</summary>
    public static async Task<PostgresCluster> Start()
    {
        var cluster = await Place();
        await cluster.RunBinary("initdb", "-D", cluster.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C");
        await cluster.Resume();
        return cluster;
    }

    /// <summary>Makes and starts a standby of this one, and has every commit wait until the standby has it on its disk too.</summary>
    public async Task<PostgresCluster> SynchronousStandby()
    {
        const string Name = "standby";
        var standby = await Place();
        await standby.RunBinary(
            "pg_basebackup", "-d", $"host=127.0.0.1 port={Port} user={User} application_name={Name}", "-D", standby.Data, "-R", "-X", "stream", "-c", "fast");
        await standby.Resume();
        // Set here and not copied: once the standby is promoted it waits for nobody.
        await Execute($"ALTER SYSTEM SET synchronous_standby_names = '{Name}'");
        await Execute("SELECT pg_reload_conf()");
        await Execute($"""
            DO $$ BEGIN
              WHILE NOT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = '{Name}' AND sync_state = 'sync')
              LOOP PERFORM pg_sleep(0.05); END LOOP;
            END $$
            """);
        return standby;
    }

    /// <summary>How to open one of its databases.</summary>
    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={User};Database={database}");

    /// <summary>Makes a database, empty or as another one is, and tells how to open it.</summary>
    public async Task<string> CreateDatabase(string name, string template = "template1")
    {
        await RunBinary("createdb", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-T", template, name);
        return ConnectionString(name);
    }

    /// <summary>Makes a role that can connect and owns nothing.</summary>
    public Task CreateRole(string name) => RunBinary("createuser", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, name);

    /// <summary>Runs a file of SQL, such as a dump, in one of its databases.</summary>
    public Task Load(string database, string file) =>
        Run(Path.Combine(binaries, "psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, "-v", "ON_ERROR_STOP=1", "-f", file);

    /// <summary>Ends all of its processes at once, as a machine that loses its power does. It stays down.</summary>
    public void Kill()
    {
        isKilled = true;
        var postmaster = ProcessId;
        var sessions = File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var process in sessions.Select(id => int.Parse(id, CultureInfo.InvariantCulture)).Prepend(postmaster))
        {
            try
            {
                Process.GetProcessById(process).Kill();
            }
            catch (ArgumentException)
            {
                // It has ended by itself: its postmaster is gone.
            }
        }
    }

    /// <summary>Makes a standby the primary, as an operator does, and waits until it is.</summary>
    public Task Promote() => RunBinary("pg_ctl", "promote", "-D", Data, "-w");

    /// <summary>Stops it as an operator does; connections are closed at once.</summary>
    public Task Stop() => RunBinary("pg_ctl", "stop", "-D", Data, "-m", "fast", "-w");

    /// <summary>Starts it again.</summary>
    /// <param name="connections">How many connections it takes.</param>
    public Task Resume(int connections = 200) => RunBinary(
        "pg_ctl", "start", "-D", Data, "-w", "-l", Path.Combine(directory, "log"), "-o",
        $"-p {Port} -k {directory} -c listen_addresses=127.0.0.1 -c max_connections={connections}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!isKilled && File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await RunBinary("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w");
        }

        Directory.Delete(directory, recursive: true);
    }

    // A folder of its own, and a port.
    private static async Task<PostgresCluster> Place()
    {
        var directory = Directory.CreateTempSubdirectory("federation-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", directory);
        }

        return new PostgresCluster(FindBinaries(), directory, FreePort.Take());
    }

    private Task Execute(string sql) =>
        Run(Path.Combine(binaries, "psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", sql);

    private static string FindBinaries() =>
        Directory.GetDirectories("/usr/lib/postgresql").OrderBy(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Select(path => Path.Combine(path, "bin")).Last();

    private Task RunBinary(string name, params string[] arguments)
    {
        var path = Path.Combine(binaries, name);
        return Environment.IsPrivilegedProcess
            ? Run("runuser", ["-u", "postgres", "--", path, .. arguments])
            : Run(path, arguments);
    }

    private static async Task Run(string command, params string[] arguments)
    {
        // A server that was started keeps its parent's outputs open: nothing of them is read.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", command, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
