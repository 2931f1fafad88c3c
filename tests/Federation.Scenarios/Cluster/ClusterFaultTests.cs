using System.Globalization;
using System.Text.Json;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Cluster;

public sealed class ClusterFaultTests
{
    // A guard against detection that is off or on its defaults (12 s and more for a killed silo, over a minute for one that hangs), not a
    // measurement: that is tests/bench/silo-kill.sh on a machine that does nothing else.
    private static readonly TimeSpan NobodyIsOutThatLong = TimeSpan.FromSeconds(30);

    private static int Kills => Times("FEDERATION_SILO_KILLS", usually: 20);

    private static int Freezes => Times("FEDERATION_SILO_FREEZES", usually: 1);

    [Fact]
    public async Task Silos_killed_or_frozen_under_load_lose_no_window_no_plan_and_no_place()
    {
        await using var sites = await ThreeSites.Start("--Federation:SimulatedTimeScale=0.2");
        var caller = new Caller(sites.Silos);
        await caller.Send(HttpMethod.Put, "/v1/applications/load", Load.Application);
        await using var load = new Load(sites);
        await load.Outage(() => Task.CompletedTask);
        var moving = new MovingApplication(caller);
        await moving.Place();

        for (var kill = 0; kill < Kills; kill++)
        {
            var silo = sites.Silos[kill % 3];
            // Under way while its silo, or its site's, goes away.
            var plan = moving.Move();
            Report("killed", await load.Outage(() => Task.Run(silo.Kill)));
            await silo.Restart();
            Report(await plan);
            await moving.IsWhole(sites);
        }

        for (var freeze = 0; freeze < Freezes; freeze++)
        {
            var hung = sites.Silos[freeze % 3];
            var plan = moving.Move();
            Report("frozen", await load.Outage(() => Task.Run(hung.Freeze)));

            // The others have gone on without it. What it wakes up to is over: it changes nothing, and ends by itself.
            hung.Thaw();
            await hung.Ended();
            await hung.Restart();
            Report(await plan);
            await moving.IsWhole(sites);
        }

        await load.NothingIsLost(caller);

        // And nothing stands in the way of what comes next.
        (await moving.Move()).ShouldBe("applied");
        await moving.IsWhole(sites);
    }

    [Fact]
    public async Task All_silos_killed_at_once_and_started_again_stand_as_before_and_go_on_with_the_plan_that_was_under_way()
    {
        await using var sites = await ThreeSites.Start("--Federation:SimulatedTimeScale=0.2");
        var caller = new Caller(sites.Silos);
        var moving = new MovingApplication(caller);
        await moving.Place();
        await KillAll(sites);
        await moving.IsWhole(sites);

        await moving.Begin();
        await KillAll(sites);
        await moving.Ends();
        await moving.IsWhole(sites);

        var before = await Everything(caller);
        await KillAll(sites);
        (await Everything(caller)).ShouldBe(before);
    }

    [Fact]
    public async Task While_the_database_is_away_for_20_s_reads_go_on_and_after_it_no_window_is_missing_and_no_silo_has_gone()
    {
        await using var sites = await ThreeSites.Start("--Federation:SimulatedTimeScale=0.2");
        var caller = new Caller(sites.Silos);
        await caller.Send(HttpMethod.Put, "/v1/applications/load", Load.Application);
        await using var load = new Load(sites);
        await load.Outage(() => Task.CompletedTask);
        var moving = new MovingApplication(caller);
        await moving.Place();
        await moving.Begin();

        var late = Task.FromResult<JsonElement>(default);
        var (look, write) = await load.WritingOutage(async () =>
        {
            await sites.Database.Stop();
            // Of what nobody has in memory yet: put off, as the windows are, and not taken for broken.
            late = caller.Send(HttpMethod.Put, "/v1/applications/late", Load.Application.Replace("load", "late", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            await sites.Database.Resume();
        });

        Report("reading", (look, ""));
        Report("writing", (write, ""));
        await late;
        await moving.Ends();
        await moving.IsWhole(sites);
        await load.NothingIsLost(caller);
        sites.Silos.ShouldAllBe(silo => silo.Runs);
    }

    [Fact]
    public async Task Where_the_primary_is_killed_under_load_and_its_standby_promoted_nothing_answered_is_lost_writes_come_back_and_no_silo_goes()
    {
        var primary = await PostgresCluster.Start();
        await ThreeSites.MakeDatabase(primary);
        await using var standby = await primary.SynchronousStandby();
        // The standby first: it is known by what it is, not by its place.
        await using var sites = await ThreeSites.Over(
            primary, $"127.0.0.1:{standby.Port},127.0.0.1:{primary.Port}", "--Federation:SimulatedTimeScale=0.1");
        var caller = new Caller(sites.Silos);
        await caller.Send(HttpMethod.Put, "/v1/applications/load", Load.Application);
        await using var load = new Load(sites);
        await load.Outage(() => Task.CompletedTask);
        var moving = new MovingApplication(caller);
        await moving.Place();
        await moving.Begin();

        var (late, promoted) = (Task.FromResult<JsonElement>(default), 0L);
        var (look, _) = await load.WritingOutage(async () =>
        {
            primary.Kill();
            late = new Caller(sites.Silos).Send(HttpMethod.Put, "/v1/applications/late", Load.Application.Replace("load", "late", StringComparison.Ordinal));
            // As long as a tool takes to believe that the primary is gone.
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
            promoted = TimeProvider.System.GetTimestamp();
            await standby.Promote();
        });
        var windows = TimeProvider.System.GetElapsedTime(promoted);
        await late;

        Report("reading", (look, ""));
        Report("promoted", (windows, ""));
        Report("submitted", (TimeProvider.System.GetElapsedTime(promoted), ""));
        await moving.Ends();
        await moving.IsWhole(sites);
        await load.NothingIsLost(caller);
        sites.Silos.ShouldAllBe(silo => silo.Runs);
    }

    private static async Task KillAll(ThreeSites sites)
    {
        foreach (var silo in sites.Silos)
        {
            silo.Kill();
        }

        await Task.WhenAll(sites.Silos.Select(silo => silo.Restart()));
    }

    private static async Task<string> Everything(Caller caller)
    {
        var parts = new List<string>();
        foreach (var path in (string[])["/v1/sites", "/v1/vms", "/v1/plans", "/v1/migrations"])
        {
            parts.Add((await caller.Send(HttpMethod.Get, path)).GetRawText());
        }

        // That a site was lost and is back is told some seconds after it is so, where starting took long: the kill itself, and nothing that it changed.
        parts.AddRange((await caller.Send(HttpMethod.Get, "/v1/events?limit=1000")).EnumerateArray()
            .Where(told => told.GetProperty("kind").GetString() is not ("site.lost" or "site.returned")).Select(told => told.GetRawText()));
        return string.Join('\n', parts);
    }

    private static int Times(string variable, int usually) =>
        Environment.GetEnvironmentVariable(variable) is { } times ? int.Parse(times, CultureInfo.InvariantCulture) : usually;

    private static void Report(string what, (TimeSpan Longest, string Met) outage)
    {
        Report(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} {outage.Longest.TotalSeconds:0.000} {outage.Met} {TimeProvider.System.GetUtcNow():HH:mm:ss.fff}"));
        outage.Longest.ShouldBeLessThan(NobodyIsOutThatLong, outage.Met);
    }

    private static void Report(string text)
    {
        if (Environment.GetEnvironmentVariable("FEDERATION_SILO_OUTAGES") is { Length: > 0 } file)
        {
            File.AppendAllText(file, $"{text}\n");
        }

        TestContext.Current.SendDiagnosticMessage(text);
    }
}
