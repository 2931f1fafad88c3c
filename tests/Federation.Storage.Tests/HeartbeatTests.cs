using Federation.Storage.Tests.Databases;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests;

public sealed class SqliteHeartbeatTests() : HeartbeatContract(Kind.Sqlite)
{
    [Fact]
    public async Task A_database_that_has_no_room_for_anything_new_has_no_heartbeat_although_its_row_could_be_overwritten()
    {
        // The heartbeat's connection, which it takes from the pool: no file of this database may become larger than that for it.
        await using (var limited = new SqliteConnection(Opened.ConnectionString))
        {
            await limited.OpenAsync(Cancel);
            await using var command = limited.CreateCommand();
            command.CommandText = "PRAGMA page_count";
            var pages = (long)(await command.ExecuteScalarAsync(Cancel))!;
#pragma warning disable CA2100 // A number.
            command.CommandText = $"PRAGMA max_page_count = {pages + 30}";
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Cancel);
        }

        await Opened.Heartbeat.Beat("a", At, Cancel);
        await Opened.Heartbeat.Beat("a", At, Cancel);
        Database.Execute("INSERT INTO heartbeat (silo, at, room) VALUES ('others', '', zeroblob(400000))");

        (await Should.ThrowAsync<StorageUnavailableException>(() => Opened.Heartbeat.Beat("a", At, Cancel))).Outage.ShouldBe(StorageOutage.Disk);
    }
}

public sealed class PostgresHeartbeatTests() : HeartbeatContract(Kind.Postgres)
{
    [Theory]
    [InlineData("53100", StorageOutage.Disk)]
    [InlineData("57014", StorageOutage.Slow)]
    [InlineData("25006", StorageOutage.Away)]
    public async Task What_the_server_says_is_told_by_its_code(string state, StorageOutage outage)
    {
        Database.Execute($"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON heartbeat FOR EACH ROW EXECUTE FUNCTION refuse()
            """);

        (await Should.ThrowAsync<StorageUnavailableException>(() => Opened.Heartbeat.Beat("a", At, Cancel))).Outage.ShouldBe(outage);
    }
}

/// <summary>What a heartbeat is on every database.</summary>
public abstract class HeartbeatContract(Kind kind) : IAsyncLifetime
{
    protected static readonly DateTimeOffset At = new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero);

    protected TestDatabase Database { get; private set; } = null!;

    protected FederationDatabase Opened { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.WithSchema(kind);
        Opened = Database.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_each_silo_there_is_one_row_with_the_time_it_wrote_last()
    {
        for (var beat = 0; beat < 3; beat++)
        {
            await Opened.Heartbeat.Beat("a", At.AddSeconds(beat), Cancel);
            await Opened.Heartbeat.Beat("b", At, Cancel);
        }

        Database.Scalar<long>("SELECT COUNT(*) FROM heartbeat").ShouldBe(2);
        Database.Scalar<string>("SELECT at FROM heartbeat WHERE silo = 'a'").ShouldBe("2026-11-23T17:51:02Z");
    }
}
