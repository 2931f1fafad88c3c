using System.Text.Json;
using Federation.Api;
using Federation.Cli.Tests.Making;
using Federation.Domain.Audit;
using Federation.Domain.Json;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class AuditTests
{
    [Fact]
    public async Task A_whole_log_is_verified_over_all_its_pages_and_its_head_told()
    {
        await using var service = await RecordedService.Start();
        var log = Log(3);
        service.On("GET /v1/audit?after=0", Page(log[..2])).On("GET /v1/audit?after=2", Page(log[2..])).On("GET /v1/audit?after=3", "[]");

        var run = await service.Run("audit", "verify", "--expect", log[1].Head);

        run.Error.ShouldBe("");
        run.Lines.ShouldBe(["3 entries, none changed, none missing", $"head {log[2].Head}"]);
    }

    [Fact]
    public async Task A_changed_entry_is_named_and_so_is_an_end_that_was_cut_off()
    {
        await using var service = await RecordedService.Start();
        var log = Log(3);
        var last = log[2].Head;
        log[1] = log[1] with { Entry = log[1].Entry with { Who = "somebody else" } };
        service.On("GET /v1/audit?after=0", Page(log), Page(Log(2))).On("GET /v1/audit?after=3", "[]").On("GET /v1/audit?after=2", "[]");

        var changed = await service.Run("audit", "verify");
        changed.ExitCode.ShouldBe(ExitCode.Error);
        changed.Error.ShouldContain("entry 2 is not what was written");
        (await service.Run("audit", "verify", "--expect", last)).Error.ShouldContain("entry 3 is missing: the log ends with entry 2, and was longer");
    }

    [Fact]
    public async Task The_log_is_listed()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/audit?after=7", Page(Log(8)[7..])).On("GET /v1/audit?after=8", "[]");

        var run = await service.Run("audit", "list", "--after", "7");

        run.Lines[1].ShouldBe("8  2026-11-23T18:00:10Z  alice  PutSite  /v1/sites/rennes  refused  no 8");
    }

    private static List<AuditRecord> Log(int entries)
    {
        var log = new List<AuditRecord>();
        for (var i = 1; i <= entries; i++)
        {
            log.Add(AuditChain.Next(log.LastOrDefault(), new(CommandRun.Now, "alice", "PutSite", "/v1/sites/rennes", AuditOutcome.Refused, $"no {i}")));
        }

        return log;
    }

    private static string Page(IEnumerable<AuditRecord> log) => JsonSerializer.Serialize(log.Select(AuditDocument.Of), DomainJson.Options);
}
