using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Storage.Tests.Databases;
using Federation.Storage.Upgrading;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Upgrading;

public sealed class SqliteUpgradeTests() : DatabaseUpgradeContract(Kind.Sqlite, "sqlite", from: 5);

public sealed class PostgresUpgradeTests() : DatabaseUpgradeContract(Kind.Postgres, "postgres", from: 4);

/// <summary>A database that the version before wrote (tests/data/before-identity) becomes one of this version.</summary>
public abstract class DatabaseUpgradeContract(Kind kind, string dump, int from) : IAsyncLifetime
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero));

    private TestDatabase Database { get; set; } = null!;

    private FederationDatabase Opened { get; set; } = null!;

    private string Everything => string.Join('\n', new[]
    {
        Listed("SELECT GrainTypeString || GrainIdExtensionString || GrainIdHash AS x FROM orleans_storage"),
        Listed("SELECT GrainId || GrainHash AS x FROM orleans_reminder"),
        Listed("SELECT application || COUNT(*) AS x FROM traffic_window GROUP BY application"),
        Listed("SELECT application || COUNT(*) AS x FROM event WHERE application IS NOT NULL GROUP BY application"),
        Listed("SELECT version AS x FROM schema_version"),
    });

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.Empty(kind);
        Opened = Database.Open();
        var sql = await File.ReadAllTextAsync(
            Directory.GetFiles(AppContext.BaseDirectory, "federation.sql", SearchOption.AllDirectories).Single(path => path.Contains($"/{dump}/", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);
        // A dump names tables before those that they refer to.
        Database.Execute(kind == Kind.Sqlite ? "PRAGMA foreign_keys = OFF;" + sql : sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_row_of_an_application_is_found_by_its_tenant_name_and_life()
    {
        var windows = Count("SELECT COUNT(*) FROM traffic_window");
        var events = Count("SELECT COUNT(*) FROM event");

        Upgrade().Change.ShouldBe(new SchemaChange(from, DatabaseSchema.KnownVersion(Opened)));

        // The name was another tenant's before: eight of the windows are its.
        Count("SELECT COUNT(*) FROM traffic_window").ShouldBe(windows);
        Count("SELECT COUNT(*) FROM traffic_window WHERE application = 'astro/cg-8.2'").ShouldBe(8);
        Count("SELECT COUNT(*) FROM traffic_window WHERE application = '%3F/cg-8.1'").ShouldBe(windows - 8);
        Count("SELECT COUNT(*) FROM event").ShouldBe(events);
        Count("SELECT COUNT(*) FROM event WHERE application NOT LIKE '%/%.%'").ShouldBe(0);
        (await Opened.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).Select(logged => logged.Event.Application)
            .OfType<AppId>().ShouldContain(new AppId(new("bio@chem"), "ring", 1));
        Count("SELECT COUNT(*) FROM orleans_storage WHERE GrainTypeString = 'vm' AND GrainIdExtensionString LIKE 'astro/cg-8.2/vm%'").ShouldBe(8);
        Count("SELECT COUNT(*) FROM orleans_storage WHERE GrainTypeString = 'migration' AND GrainIdExtensionString LIKE 'astro/cg-8.2.3.%'").ShouldBe(8);
        Count("SELECT COUNT(*) FROM orleans_storage WHERE GrainIdExtensionString = 'bio%40chem/ring'").ShouldBe(1);
        Count("SELECT COUNT(*) FROM orleans_reminder WHERE GrainId IN ('placement/astro/cg-8.2', 'retention/bio%40chem/ring.1', 'retention/%3F/gone.1')").ShouldBe(3);
        DatabaseSchema.Apply(Opened).Before.ShouldBe(DatabaseSchema.KnownVersion(Opened));
    }

    [Fact]
    public void What_was_stored_is_read_by_this_version()
    {
        Upgrade();

        var there = State<SiteLedger>("site", "aws-us-east-1", "ledger").Allocations.Values.ToList();
        there.Count.ShouldBe(8);
        there.ShouldAllBe(place => place.State == AllocationState.Occupied && place.Vcpus == 4 && place.Tenant == new TenantId("astro"));
        there.Select(place => place.Reservation.Step!.Value.Step).ShouldBe(Enumerable.Range(1, 8), ignoreOrder: true);
        State<SiteLedger>("site", "aws-eu-central-1", "ledger").SpentCoreHours.Keys.ShouldBe(["astro", "bio@chem"], ignoreOrder: true);
        var ring = State<Application>("application", "bio%40chem/ring", "application");
        (ring.Id, ring.Retention).ShouldBe((new AppId(new("bio@chem"), "ring", 1), TimeSpan.FromDays(1)));
        var moved = State<MigrationState>("migration", "astro/cg-8.2.3.1", "migration");
        (moved.HasEnded, moved.Order.Vm.Application, moved.Plan.Number).ShouldBe((true, new AppId(new("astro"), "cg-8", 2), 3));
        State<ImmutableArray<VmStay>>("vm", "astro/cg-8.2/vm1", "stays").Length.ShouldBe(2);
        State<ImmutableArray<VmStay>>("vm", "%3F/cg-8.1/vm1", "stays").ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_plan_is_kept_with_its_life_and_the_world_that_it_was_made_from()
    {
        Upgrade();

        var lives = Enumerable.Range(2, 3).Select(number => State<PlanSaga>("saga", $"astro/cg-8.2.{number}", "saga")).ToList();
        lives.Select(saga => saga.State).ShouldBe([PlanState.Applied, PlanState.Applied, PlanState.Proposed]);
        lives.Take(2).ShouldAllBe(saga => saga.IsClosed);
        PlanSagas.AgainstStart(lives[2]).ShouldBeNull();
        State<Plan>("plan", "astro/cg-8.2.3", "plan").Steps.Length.ShouldBe(8);
        var (sites, rest) = (State<string>("plan", "astro/cg-8.2.3", "sites"), State<string>("plan", "astro/cg-8.2.3", "rest"));
        var world = WorldParts.Join(
            State<JsonElement>("world", $"astro/cg-8.2/{sites}", "part").GetRawText(), State<JsonElement>("world", $"astro/cg-8.2/{rest}", "part").GetRawText());
        (world.Application.Id, world.Sites.Length > 0).ShouldBe((new AppId(new("astro"), "cg-8", 2), true));
        State<int>("placement", "astro/cg-8.2", "lastNumber").ShouldBeGreaterThan(3);
        State<ImmutableSortedDictionary<int, PlanState>>("placement", "astro/cg-8.2", "open").Keys.ShouldBe([4]);
        State<DecisionState>("placement", "astro/cg-8.2", "loop").History.LastMoves.Count.ShouldBe(8);
    }

    [Fact]
    public void Upgraded_again_it_stays_as_it_is()
    {
        Upgrade();
        var once = Everything;

        Upgrade().Change.Before.ShouldBe(DatabaseSchema.KnownVersion(Opened));

        Everything.ShouldBe(once);
    }

    [Fact]
    public void A_trial_changes_nothing()
    {
        var before = Everything;

        Upgrade(dryRun: true).Refusal.ShouldBeNull();

        Everything.ShouldBe(before);
    }

    [Fact]
    public void An_upgrade_that_ends_before_any_of_its_steps_leaves_the_database_of_the_version_before()
    {
        var before = Everything;
        var steps = new List<string>();
        DatabaseUpgrade.Run(Opened, null, dryRun: true, Clock, steps.Add);

        foreach (var last in steps)
        {
            Should.Throw<IOException>(() => DatabaseUpgrade.Run(Opened, null, dryRun: false, Clock, step => Ends(step == last)));
            Everything.ShouldBe(before, last);
        }

        Upgrade().Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_row_that_another_Orleans_filed_stops_it_and_nothing_is_changed()
    {
        Database.Execute("UPDATE orleans_storage SET GrainIdHash = 1 WHERE GrainTypeString = 'retention' AND GrainIdExtensionString = 'ring'");
        var before = Everything;

        Should.Throw<InvalidDataException>(() => Upgrade()).Message.ShouldContain("retention 'ring'");

        Everything.ShouldBe(before);
    }

    [Fact]
    public void A_version_that_is_too_old_is_refused_by_name()
    {
        Database.Execute($"DELETE FROM schema_version WHERE version >= {from}");

        Refused($"schema version {from - 1} (", "is too old", $"upgrades from version {from} (audit)");
    }

    [Fact]
    public void A_version_that_is_too_new_is_refused()
    {
        Database.Execute("INSERT INTO schema_version VALUES (99, 'later')");

        Refused("schema version 99 is newer than this program");
    }

    [Fact]
    public void A_silo_that_is_alive_is_named()
    {
        Database.Execute("UPDATE orleans_membership SET Status = 3, SiloName = 'rennes-1', IAmAliveTime = '2026-11-29 23:59:30'");

        Refused("a silo is alive: rennes-1", "Stop every silo");
    }

    [Fact]
    public void A_silo_that_was_killed_long_ago_is_not_in_the_way()
    {
        Database.Execute("UPDATE orleans_membership SET Status = 3, IAmAliveTime = '2026-11-29 23:58:00'");

        Upgrade().Refusal.ShouldBeNull();

        Count("SELECT COUNT(*) FROM orleans_membership WHERE Status <> 6").ShouldBe(0);
    }

    [Fact]
    public void Of_a_plan_that_failed_its_migrations_are_kept()
    {
        ChangeState("placement", "cg-8", "\"id\":\"cg-8-3\",\"state\":\"applied\"", "\"id\":\"cg-8-3\",\"state\":\"failed\"");

        Upgrade();

        var saga = State<PlanSaga>("saga", "astro/cg-8.2.3", "saga");
        (saga.State, saga.IsClosed).ShouldBe((PlanState.Failed, true));
        saga.Steps.Select(step => step.State).ShouldBe(Enumerable.Repeat(StepState.Done, 8));
    }

    [Fact]
    public void Reasons_that_were_stored_as_sentences_are_kept_as_refusals_that_say_the_same()
    {
        ChangeState("placement", "cg-8", "\"rejected\":[]", "\"rejected\":[{\"site\":\"rennes\",\"reason\":\"quota: 20 are needed\"}]");
        ChangeState("placement", "cg-8", "\"waits\":[]", "\"waits\":[\"vm1 has moved lately\"]");
        ChangeState("migration", "cg-8-3-vm1", "\"refusal\":null", "\"reason\":\"the link went away\"");

        Upgrade();

        var plan = State<Plan>("plan", "astro/cg-8.2.3", "plan");
        plan.Rejected.ShouldHaveSingleItem().ShouldBe(new SiteRejection(new("rennes"), Refusal.Told("quota: 20 are needed")));
        plan.Placement.ShouldAllBe(vm => vm.Rejected.Single() == plan.Rejected[0]);
        plan.Waits.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.GainHasToPersist, "it was no sentence");
        State<Plan>("plan", "astro/cg-8.2.2", "plan").Waits.ShouldHaveSingleItem().ShouldBe(Refusal.Told("vm1 has moved lately"));
        Enumerable.Range(1, 8).Select(step => State<MigrationState>("migration", $"astro/cg-8.2.3.{step}", "migration").Refusal).OfType<Refusal>()
            .ShouldHaveSingleItem().ShouldBe(Refusal.Told("the link went away"));
    }

    [Fact]
    public void A_plan_that_is_being_carried_out_is_named()
    {
        ChangeState("placement", "cg-8", "\"id\":\"cg-8-3\",\"state\":\"applied\"", "\"id\":\"cg-8-3\",\"state\":\"applying\"");

        Refused("plan cg-8-3 is being carried out");
    }

    private T State<T>(string grain, string key, string part) => JsonNode.Parse(Database.Scalar<byte[]>(
        $"SELECT PayloadBinary FROM orleans_storage WHERE GrainTypeString = '{grain}' AND GrainIdExtensionString = '{key}'"))![part].Deserialize<T>(DomainJson.Options)!;

    private static void Ends(bool now)
    {
        if (now)
        {
            throw new IOException("the process ends here");
        }
    }

    private UpgradeOutcome Upgrade(bool dryRun = false) => DatabaseUpgrade.Run(Opened, null, dryRun, Clock, _ => { });

    private void Refused(params string[] words)
    {
        var before = Everything;

        var reason = Upgrade().Refusal.ShouldNotBeNull();

        words.ShouldAllBe(word => reason.Contains(word));
        Everything.ShouldBe(before);
    }

    // The payload is bytes: replaced as hexadecimal digits, which both databases know.
    private void ChangeState(string grain, string key, string old, string changed)
    {
        var (from, to) = (Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(old)), Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(changed)));
        var where = $"WHERE GrainTypeString = '{grain}' AND GrainIdExtensionString = '{key}'";
        Database.Execute(kind == Kind.Sqlite
            ? $"UPDATE orleans_storage SET PayloadBinary = unhex(replace(hex(PayloadBinary), '{from}', '{to}')) {where}"
            : $"UPDATE orleans_storage SET PayloadBinary = decode(replace(encode(PayloadBinary, 'hex'), lower('{from}'), lower('{to}')), 'hex') {where}");
    }

    private long Count(string sql) => Database.Scalar<long>(sql);

    private string Listed(string query) => kind == Kind.Sqlite
        ? Database.Scalar<string>($"SELECT group_concat(x, ';') FROM ({query} ORDER BY 1)")
        : Database.Scalar<string>($"SELECT string_agg(x::text, ';' ORDER BY x) FROM ({query}) AS q");
}
