using System.Data.Common;
using Federation.Domain.Audit;
using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Audit;

public sealed class SqliteAuditLogTests() : AuditLogContract(Kind.Sqlite)
{
    protected override string Unlock => "DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_loses_nothing";
}

public sealed class PostgresAuditLogTests() : AuditLogContract(Kind.Postgres)
{
    protected override string Unlock => "DROP TRIGGER audit_append_only ON audit";
}

/// <summary>What every audit log does.</summary>
public abstract class AuditLogContract(Kind kind) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 51, 0, 123, TimeSpan.Zero);
    private FederationDatabase opened = null!;

    /// <summary>What somebody who can change tables does first.</summary>
    protected abstract string Unlock { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestDatabase Database { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.WithSchema(kind);
        opened = Database.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_appended_is_read_back_the_same_by_another_process()
    {
        var first = await opened.Audit.Append(Entry("first"), Cancel);
        var second = await opened.Audit.Append(Entry("second, with \"quotes\" and ä"), Cancel);

        await using var other = Database.Open();
        (await other.Audit.ReadAfter(0, 10, Cancel)).ShouldBe([first, second]);
        (await other.Audit.ReadAfter(1, 10, Cancel)).ShouldBe([second]);
        (await other.Audit.ReadAfter(0, 1, Cancel)).ShouldBe([first]);
        (first.Sequence, second.Sequence).ShouldBe((1, 2));
    }

    [Fact]
    public async Task Entries_of_several_processes_at_once_make_one_chain()
    {
        await using var other = Database.Open();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => (i % 2 == 0 ? opened : other).Audit.Append(Entry($"{i}"), Cancel), Cancel)));

        (await Fault()).ShouldBeNull();
        (await opened.Audit.ReadAfter(0, 100, Cancel)).Length.ShouldBe(40);
    }

    [Theory]
    [InlineData("UPDATE audit SET who = 'nobody' WHERE sequence = 3", "entry 3 is not what was written")]
    [InlineData("UPDATE audit SET at = 'never' WHERE sequence = 3", "entry 3 is not what was written")]
    [InlineData("UPDATE audit SET outcome = 'Whatever' WHERE sequence = 3", "entry 3 is not what was written")]
    [InlineData("DELETE FROM audit WHERE sequence = 3", "entry 3 is missing")]
    public async Task A_row_that_was_tampered_with_is_found_and_named(string tampering, string fault)
    {
        for (var i = 0; i < 5; i++)
        {
            await opened.Audit.Append(Entry($"{i}"), Cancel);
        }

        Should.Throw<DbException>(() => Database.Execute(tampering)).Message.ShouldContain("append only");
        (await Fault()).ShouldBeNull();

        Database.Execute(Unlock);
        Database.Execute(tampering);
        (await Fault()).ShouldNotBeNull().ShouldStartWith(fault, Case.Sensitive);
    }

    private static AuditEntry Entry(string detail) => new(Now, "alice (federation)", "PutSite", "/v1/sites/rennes", AuditOutcome.Done, detail);

    private async Task<string?> Fault()
    {
        var verification = new AuditVerification();
        foreach (var record in await opened.Audit.ReadAfter(0, 100, Cancel))
        {
            verification.Add(record);
        }

        verification.End();
        return verification.Fault;
    }
}
