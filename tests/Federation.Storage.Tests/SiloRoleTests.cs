using System.Data.Common;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Traffic;
using Federation.Storage.Postgres;
using Federation.Storage.Tests.Databases;
using Federation.Storage.Tests.Traffic;
using Npgsql;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests;

/// <summary>What the silos' role can do with tables that are another role's.</summary>
public sealed class SiloRoleTests : IAsyncLifetime
{
    private readonly string role = $"silo_{Guid.NewGuid():N}";
    private TestDatabase database = null!;
    private PostgresDatabase owner = null!;
    private PostgresDatabase silo = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.WithSchema(Kind.Postgres);
        owner = (PostgresDatabase)database.Open();
        silo = new(new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = role }.ToString());
        database.Execute($"CREATE ROLE {role} LOGIN");
    }

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        await owner.DisposeAsync();
        database.Execute($"DROP OWNED BY {role}; DROP ROLE {role}");
        await database.DisposeAsync();
    }

    [Fact]
    public async Task It_can_do_all_that_a_silo_does()
    {
        Grant().ShouldBeNull();
        Grant().ShouldBeNull();

        DatabaseSchema.Apply(silo).ShouldBe(new SchemaChange(DatabaseSchema.KnownVersion(silo), DatabaseSchema.KnownVersion(silo)));
        ServiceSecret.ReadOrMake(silo).ShouldBe(ServiceSecret.ReadOrMake(owner));
        await silo.Heartbeat.Beat("a", DateTimeOffset.UnixEpoch, Cancel);
        await silo.Heartbeat.Beat("a", DateTimeOffset.UnixEpoch, Cancel);
        await silo.Audit.Append(new(DateTimeOffset.UnixEpoch, "alice", "Apply", "cg", AuditOutcome.Done, ""), Cancel);
        (await silo.Audit.ReadAfter(0, 10, Cancel)).Length.ShouldBe(1);
        await silo.Events.Append(new(new EventKind("test.kept"), null, null, "kept", DateTimeOffset.UnixEpoch), Cancel);
        (await silo.Traffic.Append([Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2"))], Cancel)).ShouldBe([AppendOutcome.Stored]);
        (await silo.Traffic.Read(Reports.App, Reports.Start, Reports.Start, Cancel)).Length.ShouldBe(1);
        (await silo.Traffic.DeleteBefore(Reports.App, Reports.Start.Next, Cancel)).ShouldBe(1);
    }

    [Theory]
    [InlineData("DELETE FROM audit")]
    [InlineData("UPDATE audit SET who = 'bob'")]
    [InlineData("TRUNCATE audit")]
    [InlineData("ALTER TABLE audit DISABLE TRIGGER ALL")]
    [InlineData("DROP TABLE audit")]
    [InlineData("DROP TRIGGER audit_append_only ON audit")]
    [InlineData("CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")]
    [InlineData("DELETE FROM event")]
    [InlineData("UPDATE event SET text = ''")]
    [InlineData("UPDATE traffic_window SET dropped = 0")]
    [InlineData("UPDATE service_secret SET secret = secret")]
    [InlineData("DELETE FROM service_secret")]
    [InlineData("UPDATE OrleansQuery SET QueryText = ''")]
    [InlineData("DELETE FROM schema_version")]
    [InlineData("ALTER TABLE orleans_storage ADD COLUMN mine text")]
    [InlineData("TRUNCATE orleans_storage")]
    [InlineData("CREATE TABLE mine (of_the_silo text)")]
    [InlineData("CREATE ROLE mine")]
    public void It_cannot_change_tables_nor_what_is_written_once(string sql)
    {
        Grant().ShouldBeNull();

        using var connection = silo.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        Should.Throw<DbException>(() => command.ExecuteNonQuery()).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public void A_role_that_no_grant_restricts_is_refused_with_what_to_do()
    {
        database.Execute($"ALTER ROLE {role} SUPERUSER");
        Grant().ShouldNotBeNull().ShouldContain("superuser");
        database.Execute($"ALTER ROLE {role} NOSUPERUSER");

        SiloRole.Grant(owner, "federation", TimeProvider.System).ShouldNotBeNull().ShouldContain("make another one");
        SiloRole.Grant(owner, "nobody", TimeProvider.System).ShouldNotBeNull().ShouldContain("'createuser --pwprompt nobody'");
    }

    [Fact]
    public void A_silo_whose_role_may_not_bring_the_schema_up_to_date_says_who_may_and_changes_nothing()
    {
        Grant().ShouldBeNull();
        database.Execute("DELETE FROM schema_version WHERE version = (SELECT MAX(version) FROM schema_version)");

        Should.Throw<SchemaVersionException>(() => DatabaseSchema.Apply(silo)).Message.ShouldContain("connection string of the tables' owner");
    }

    [Fact]
    public void A_silo_whose_role_finds_no_secret_says_who_makes_one()
    {
        Grant().ShouldBeNull();
        database.Execute("DELETE FROM service_secret");

        Should.Throw<InvalidDataException>(() => ServiceSecret.ReadOrMake(silo)).Message.ShouldContain("run 'fedctl db roles' as the tables' owner");
    }

    private string? Grant() => SiloRole.Grant(owner, role, TimeProvider.System);
}
