using System.Data.Common;
using Federation.Storage.Postgres;
using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests;

public sealed class SqliteSchemaTests() : DatabaseSchemaContract(Kind.Sqlite)
{
    [Fact]
    public void Readers_and_the_writer_do_not_wait_for_each_other()
    {
        Apply();

        Database.Scalar<string>("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public void The_invariant_is_the_one_that_Orleans_knows_SQLite_by() => Opened.OrleansInvariant.ShouldBe("System.Data.SQLite");
}

public sealed class PostgresSchemaTests() : DatabaseSchemaContract(Kind.Postgres)
{
    [Fact]
    public void A_database_that_is_away_is_told_from_one_that_is_wrong()
    {
        using var nobody = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((System.Net.IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        var away = new PostgresDatabase($"Host=127.0.0.1;Port={port};Username=u;Password=secret;Database=d");

        var refusal = Should.Throw<StorageUnavailableException>(() => DatabaseSchema.FoundVersion(away));

        refusal.Message.ShouldContain($"d at 127.0.0.1:{port}");
        refusal.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Of_several_hosts_the_primary_is_worked_with_and_asked_for_each_second_unless_the_operator_says_otherwise()
    {
        await using var pair = new PostgresDatabase("Host=a:5433,b;Database=d;Command Timeout=20");

        pair.ConnectionString.ShouldContain("Target Session Attributes=primary");
        pair.ConnectionString.ShouldContain("Host Recheck Seconds=1");
        pair.ConnectionString.ShouldContain("Command Timeout=20");
        pair.Place.ShouldBe("d at a:5433,b");
    }

    [Fact]
    public void What_the_operator_sets_in_the_connection_string_stays()
    {
        var given = new PostgresDatabase("Host=h;Maximum Pool Size=7;Timeout=9");

        given.ConnectionString.ShouldContain("Maximum Pool Size=7");
        given.ConnectionString.ShouldContain("Timeout=9");
        Opened.ConnectionString.ShouldContain("Timeout=5");
    }
}

/// <summary>What the schema does on every database.</summary>
public abstract class DatabaseSchemaContract(Kind kind) : IAsyncLifetime
{
    protected int CurrentVersion => DatabaseSchema.KnownVersion(Opened);

    protected TestDatabase Database { get; private set; } = null!;

    protected FederationDatabase Opened { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.Empty(kind);
        Opened = Database.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_version_found_is_0_until_the_schema_is_applied()
    {
        DatabaseSchema.FoundVersion(Opened).ShouldBe(0);

        Apply();

        DatabaseSchema.FoundVersion(Opened).ShouldBe(CurrentVersion);
    }

    [Fact]
    public void An_empty_database_gets_every_version_and_the_time_it_was_applied_at()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

        DatabaseSchema.Apply(Opened, clock).ShouldBe(new SchemaChange(0, CurrentVersion));

        Database.Scalar<long>("SELECT CAST(MAX(version) AS bigint) FROM schema_version").ShouldBe(CurrentVersion);
        Database.Scalar<string>("SELECT MAX(applied_at) FROM schema_version").ShouldBe("2026-11-23T17:51:00Z");
    }

    [Fact]
    public void Applied_again_it_keeps_what_is_there()
    {
        DatabaseSchema.Apply(Opened);
        Database.Execute("INSERT INTO event (at, kind, text) VALUES ('2026-11-23T17:51:00.0000000Z', 'test.kept', 'kept')");

        DatabaseSchema.Apply(Opened).ShouldBe(new SchemaChange(CurrentVersion, CurrentVersion));

        Database.Scalar<string>("SELECT text FROM event").ShouldBe("kept");
    }

    [Fact]
    public void Applied_again_it_renews_the_queries_of_Orleans()
    {
        DatabaseSchema.Apply(Opened);
        var queries = Database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery");
        Database.Execute("UPDATE OrleansQuery SET QueryText = 'of an older service'");

        DatabaseSchema.Apply(Opened);

        Database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery").ShouldBe(queries);
        Database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery WHERE QueryText = 'of an older service'").ShouldBe(0);
    }

    [Fact]
    public void A_database_whose_rows_have_to_be_rewritten_is_refused_with_the_remedy_and_left_as_it_was()
    {
        DatabaseSchema.Apply(Opened);
        Database.Execute("DELETE FROM schema_version WHERE version >= 4; DELETE FROM OrleansQuery");

        var refusal = Should.Throw<SchemaVersionException>(() => DatabaseSchema.Apply(Opened));

        refusal.Message.ShouldContain("'fedctl db upgrade'");
        Database.Scalar<long>("SELECT CAST(MAX(version) AS bigint) FROM schema_version").ShouldBe(3);
        Database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery").ShouldBe(0);
    }

    [Fact]
    public void A_newer_database_is_refused_and_left_as_it_was()
    {
        DatabaseSchema.Apply(Opened);
        Database.Execute("INSERT INTO schema_version VALUES (99, 'later'); DELETE FROM OrleansQuery");

        var refusal = Should.Throw<SchemaVersionException>(() => DatabaseSchema.Apply(Opened));

        refusal.Message.ShouldContain("schema version 99");
        refusal.Message.ShouldContain($"version {CurrentVersion} at most");
        Database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery").ShouldBe(0);
    }

    [Fact]
    public void A_version_that_fails_leaves_none_of_those_before_it()
    {
        Database.Execute("CREATE TABLE event (of_someone_else TEXT)");

        Should.Throw<DbException>(() => DatabaseSchema.Apply(Opened));

        Database.Scalar<long>((kind == Kind.Sqlite
            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'"
            : "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(1);
    }

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_database_create_it_once()
    {
        var changes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => DatabaseSchema.Apply(Opened), TestContext.Current.CancellationToken)));

        changes.Count(change => change.Before == 0).ShouldBe(1);
        Database.Scalar<long>("SELECT CAST(MAX(version) AS bigint) FROM schema_version").ShouldBe(CurrentVersion);
    }

    protected SchemaChange Apply() => DatabaseSchema.Apply(Opened);
}
