using System.Net;
using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Orleans;

public sealed class SqliteMembershipTableTests() : MembershipTableContract(Kind.Sqlite);

public sealed class PostgresMembershipTableTests() : MembershipTableContract(Kind.Postgres);

/// <summary>The membership table's contract, on the table of a running silo, with members that do not exist.</summary>
public abstract class MembershipTableContract(Kind kind) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 11, 23, 17, 51, 0, DateTimeKind.Utc);
    private TestDatabase database = null!;
    private TestSilo silo = null!;
    private IMembershipTable table = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Empty(kind);
        silo = await TestSilo.Start(database);
        table = silo.Services.GetRequiredService<IMembershipTable>();
    }

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_member_is_read_back_the_same_and_moves_the_version()
    {
        var before = await Version();
        var member = Member(1, SiloStatus.Dead);

        (await table.InsertRowAsync(member, before.Next(), Cancel)).ShouldBeTrue();

        var read = await table.ReadRowAsync(member.SiloAddress, Cancel);
        read.Version.Version.ShouldBe(before.Version + 1);
        var (found, etag) = read.Members.ShouldHaveSingleItem();
        etag.ShouldBe(read.Version.VersionEtag);
        found.ToFullString().ShouldBe(member.ToFullString());
        found.StartTime.ShouldBe(member.StartTime);
        found.IAmAliveTime.ShouldBe(member.IAmAliveTime);
    }

    [Fact]
    public async Task A_change_that_has_not_seen_the_last_one_is_refused_and_moves_nothing()
    {
        var stale = await Version();
        var member = Member(1, SiloStatus.Dead);
        await table.InsertRowAsync(member, stale.Next(), Cancel);
        var now = await Version();

        (await table.InsertRowAsync(Member(2, SiloStatus.Dead), stale.Next(), Cancel)).ShouldBeFalse();
        (await table.UpdateRowAsync(member, stale.VersionEtag, stale.Next(), Cancel)).ShouldBeFalse();
        (await table.InsertRowAsync(member, now.Next(), Cancel)).ShouldBeFalse();

        (await Version()).Version.ShouldBe(now.Version);
    }

    [Fact]
    public async Task Of_joins_at_once_exactly_one_succeeds()
    {
        var version = await Version();

        var joins = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Task.Run(
            () => table.InsertRowAsync(Member(i, SiloStatus.Dead), version.Next(), Cancel), Cancel)));

        joins.Count(joined => joined).ShouldBe(1);
        (await Version()).Version.ShouldBe(version.Version + 1);
    }

    [Fact]
    public async Task A_suspicion_moves_the_version_and_a_heartbeat_does_not()
    {
        var member = Member(1, SiloStatus.Dead);
        await table.InsertRowAsync(member, (await Version()).Next(), Cancel);
        var inserted = await Version();

        member.IAmAliveTime = Now.AddMinutes(1);
        await table.UpdateIAmAliveAsync(member, Cancel);
        (await Version()).Version.ShouldBe(inserted.Version);

        member.AddSuspector(Member(2, SiloStatus.Active).SiloAddress, Now);
        (await table.UpdateRowAsync(member, inserted.VersionEtag, inserted.Next(), Cancel)).ShouldBeTrue();

        var read = await table.ReadRowAsync(member.SiloAddress, Cancel);
        read.Version.Version.ShouldBe(inserted.Version + 1);
        read.Members[0].Item1.SuspectTimes.ShouldHaveSingleItem();
        read.Members[0].Item1.IAmAliveTime.ShouldBe(Now.AddMinutes(1));
    }

    [Fact]
    public async Task Only_members_that_died_before_the_given_time_are_cleaned_up()
    {
        var cutoff = Now.AddTicks(5_000_000);
        var (old, late) = (Member(1, SiloStatus.Dead), Member(2, SiloStatus.Dead));
        late.IAmAliveTime = cutoff.AddTicks(1);
        await table.InsertRowAsync(old, (await Version()).Next(), Cancel);
        await table.InsertRowAsync(late, (await Version()).Next(), Cancel);

        await table.CleanupDefunctSiloEntriesAsync(cutoff, Cancel);

        var left = (await table.ReadAllAsync(Cancel)).Members.Select(member => member.Item1.SiloAddress).ToList();
        left.ShouldNotContain(old.SiloAddress);
        left.ShouldContain(late.SiloAddress);
        left.Count.ShouldBe(2, "the running silo stays");
    }

    [Fact]
    public async Task A_cluster_that_is_deleted_takes_its_members_along()
    {
        await table.DeleteMembershipTableEntriesAsync("test", Cancel);

        database.Scalar<long>("SELECT COUNT(*) FROM orleans_membership").ShouldBe(0);
        await table.InitializeMembershipTableAsync(true, Cancel);
        (await Version()).Version.ShouldBe(0);
    }

    private async Task<TableVersion> Version() => (await table.ReadAllAsync(Cancel)).Version;

    private static MembershipEntry Member(int number, SiloStatus status) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11111, number),
        SiloName = $"silo {number}",
        HostName = "host",
        Status = status,
        ProxyPort = 30000,
        StartTime = Now.AddTicks(-1234560),
        IAmAliveTime = Now,
    };
}
