using Federation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests;

public sealed class DatabaseSchemaTests : IDisposable
{
    private const long CurrentVersion = 3;

    private readonly TemporaryDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public void An_empty_file_gets_every_version_and_the_time_it_was_applied_at()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

        DatabaseSchema.Apply(database.ConnectionString, clock).ShouldBe(new SchemaChange(0, (int)CurrentVersion));

        database.Scalar<long>("SELECT COUNT(*) FROM schema_version").ShouldBe(CurrentVersion);
        database.Scalar<string>("SELECT MAX(applied_at) FROM schema_version").ShouldBe("2026-11-23T17:51:00Z");
    }

    [Fact]
    public void Applied_again_it_keeps_what_is_there()
    {
        DatabaseSchema.Apply(database.ConnectionString);
        database.Execute("INSERT INTO event (at, kind, text) VALUES ('2026-11-23T17:51:00.0000000Z', 'test.kept', 'kept')");

        DatabaseSchema.Apply(database.ConnectionString).ShouldBe(new SchemaChange((int)CurrentVersion, (int)CurrentVersion));

        database.Scalar<string>("SELECT text FROM event").ShouldBe("kept");
    }

    [Fact]
    public void Applied_again_it_renews_the_queries_of_Orleans()
    {
        DatabaseSchema.Apply(database.ConnectionString);
        var queries = database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery");
        database.Execute("UPDATE OrleansQuery SET QueryText = 'of an older service'");

        DatabaseSchema.Apply(database.ConnectionString);

        database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery").ShouldBe(queries);
        database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery WHERE QueryText = 'of an older service'").ShouldBe(0);
    }

    [Fact]
    public void An_older_database_gets_only_the_versions_that_it_lacks()
    {
        DatabaseSchema.Apply(database.ConnectionString);
        database.Execute("DROP TABLE event; DELETE FROM schema_version WHERE version = 3");
        database.Execute("INSERT INTO orleans_membership_version VALUES ('c', 7)");

        DatabaseSchema.Apply(database.ConnectionString).ShouldBe(new SchemaChange(2, (int)CurrentVersion));

        database.Scalar<long>("SELECT COUNT(*) FROM event").ShouldBe(0);
        database.Scalar<long>("SELECT Version FROM orleans_membership_version").ShouldBe(7);
    }

    [Fact]
    public void A_newer_database_is_refused_and_left_as_it_was()
    {
        DatabaseSchema.Apply(database.ConnectionString);
        database.Execute("INSERT INTO schema_version VALUES (99, 'later'); DELETE FROM OrleansQuery");

        var refusal = Should.Throw<SchemaVersionException>(() => DatabaseSchema.Apply(database.ConnectionString));

        refusal.Message.ShouldContain("schema version 99");
        refusal.Message.ShouldContain($"version {CurrentVersion} at most");
        database.Scalar<long>("SELECT COUNT(*) FROM OrleansQuery").ShouldBe(0);
    }

    [Fact]
    public void A_version_that_fails_leaves_none_of_those_before_it()
    {
        database.Execute("CREATE TABLE event (of_someone_else TEXT)");

        Should.Throw<SqliteException>(() => DatabaseSchema.Apply(database.ConnectionString));

        database.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'").ShouldBe(1);
    }

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_file_create_it_once()
    {
        var changes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => DatabaseSchema.Apply(database.ConnectionString), TestContext.Current.CancellationToken)));

        changes.Count(change => change.Before == 0).ShouldBe(1);
        database.Scalar<long>("SELECT COUNT(*) FROM schema_version").ShouldBe(CurrentVersion);
    }

    [Fact]
    public void Readers_and_the_writer_do_not_wait_for_each_other()
    {
        DatabaseSchema.Apply(database.ConnectionString);

        database.Scalar<string>("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public void The_invariant_is_the_one_that_Orleans_knows_SQLite_by() =>
        SqliteDatabase.OrleansInvariant.ShouldBe("System.Data.SQLite");
}
