using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class MigrationTests
{
    private const string Moved = """
        {"id":"cg.1.1.1","plan":"cg.1.1","application":"cg","vm":"vm1","from":{"site":"rennes","offer":"std-4"},"to":{"site":"rennes","offer":"std-4"},
         "phase":"done","epoch":3,"startedAt":"2026-11-23T18:00:00Z","endedAt":"2026-11-23T18:00:20Z","reason":null,
         "fromHost":"h1","toHost":"h2","isLive":true,
         "steps":[{"phase":"reserve","at":"2026-11-23T18:00:00Z"},{"phase":"preCopy","at":"2026-11-23T18:00:01Z"},{"phase":"done","at":"2026-11-23T18:00:20Z"}],
         "estimated":{"seconds":14.25,"downtimeSeconds":0.3,"bytes":4300000000,"rounds":null},
         "measured":{"seconds":18,"downtimeSeconds":0.137,"bytes":4500000000,"rounds":3}}
        """;

    private const string Waiting = """
        {"id":"cg.1.1.1","plan":"cg.1.1","application":"cg","vm":"vm1","from":{"site":"aws","offer":"m5"},"to":{"site":"rennes","offer":"std-4"},
         "phase":"preCopy","epoch":3,"startedAt":"2026-11-23T18:00:00Z","endedAt":null,"reason":null,"isLive":false,
         "waitsFor":"paused, waits for fencing of host h2","cancelledBy":"ann","bytesLeft":2500000,"dirtyBytesPerSecond":1000000,"expectedDowntimeSeconds":0.05}
        """;

    [Fact]
    public async Task A_migration_is_described_from_host_to_host_with_its_steps_and_what_came_beside_what_was_estimated()
    {
        var run = await Run("migration describe cg.1.1.1", "GET /v1/migrations/cg.1.1.1", Moved);
        run.Lines.ShouldBe(
        [
            "Migration cg.1.1.1 of cg/vm1",
            "  plan       cg.1.1",
            "  from       rennes/std-4 on h1",
            "  to         rennes/std-4 on h2",
            "  kind       live",
            "  phase      done",
            "  epoch      3",
            "  started    2026-11-23T18:00:00Z",
            "  ended      2026-11-23T18:00:20Z",
            "",
            "Steps",
            "STEP     BEGAN                 LASTED",
            "reserve  2026-11-23T18:00:00Z     1 s",
            "preCopy  2026-11-23T18:00:01Z    19 s",
            "done     2026-11-23T18:00:20Z       -",
            "",
            "Estimated and measured",
            "FIGURE    ESTIMATED  MEASURED",
            "bytes        4.3 GB    4.5 GB",
            "duration     14.2 s      18 s",
            "downtime     300 ms    137 ms",
            "rounds            -         3",
        ]);
    }

    [Fact]
    public async Task One_that_is_under_way_tells_how_far_it_is_what_it_waits_for_and_that_it_is_cold()
    {
        var run = await Run("migration describe cg.1.1.1", "GET /v1/migrations/cg.1.1.1", Waiting);
        foreach (var line in new[]
        {
            "  kind       cold: stopped, copied and started anew", "  ended      not yet", "  waits for  paused, waits for fencing of host h2",
            "  taken back by ann", "  left       2.5 MB of memory in this round", "  rewritten  1 MB/s", "  downtime, switched now  50 ms",
        })
        {
            run.Lines.ShouldContain(line);
        }
    }

    [Fact]
    public async Task A_list_tells_what_waits() =>
        (await Run("migration list", "GET /v1/migrations", $"[{Waiting}]")).Lines[1].ShouldEndWith("cold  preCopy  2026-11-23T18:00:00Z  -      paused, waits for fencing of host h2");

    [Fact]
    public async Task A_migration_is_taken_back()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/migrations/cg.1.1.1/cancel", new RecordedService.Answer(202, $"{{\"migration\":{Moved},\"text\":\"migration cg.1.1.1 is taken back\"}}"));
        var run = await service.Run("migration", "cancel", "cg.1.1.1");
        (run.ExitCode, run.Lines.ShouldHaveSingleItem()).ShouldBe((ExitCode.Done, "migration cg.1.1.1 is taken back"));
    }

    [Fact]
    public async Task One_that_cannot_be_taken_back_any_more_says_why()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/migrations/cg.1.1.1/cancel", new RecordedService.Answer(409, """{"title":"Conflict","status":409,"detail":"too late: its VM was told to run at b"}"""));
        var run = await service.Run("migration", "cancel", "cg.1.1.1");
        run.ExitCode.ShouldNotBe(ExitCode.Done);
        run.Error.ShouldContain("too late: its VM was told to run at b");
    }

    private static async Task<CommandRun> Run(string line, string request, string answer)
    {
        await using var service = await RecordedService.Start();
        service.On(request, answer);
        var run = await service.Run(line.Split(' '));
        (run.Error, run.ExitCode).ShouldBe(("", ExitCode.Done));
        return run;
    }
}
