using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class EventTests
{
    [Fact]
    public async Task All_pages_of_events_are_listed()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/events?after=0&limit=100", $"[{string.Join(',', Enumerable.Range(1, 100).Select(i => Recorded.Event(i)))}]")
            .On("GET /v1/events?after=100&limit=100", $"[{Recorded.Event(101, "the last")}]");

        var run = await service.Run("events", "-o", "json");

        run.Json.GetArrayLength().ShouldBe(101);
        run.Json[100].GetProperty("text").GetString().ShouldBe("the last");
    }

    [Fact]
    public async Task Following_shows_each_event_once_as_it_comes_and_ends_when_stopped()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/events?after=7&limit=100&wait=30", $"[{Recorded.Event(8, "one")},{Recorded.Event(9, "two")}]")
            .On("GET /v1/events?after=9&limit=100&wait=30", "[]", $"[{Recorded.Event(10, "three")}]")
            .On("GET /v1/events?after=10&limit=100&wait=30", "[]");
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter("three", stop);

        var run = await CommandRun.Until(
            new() { ["FEDCTL_SERVER"] = service.Address }, ["events", "--follow", "--after", "7"], output, stop.Token);

        run.ExitCode.ShouldBe(ExitCode.Done);
        output.ToString().TrimEnd().Split('\n').ShouldBe([
            "     8  2026-11-23T18:00:00Z  migration     cg: one",
            "     9  2026-11-23T18:00:00Z  migration     cg: two",
            "    10  2026-11-23T18:00:00Z  migration     cg: three",
        ]);
    }

    [Fact]
    public async Task The_federation_fits_on_one_page()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/sites", $"[{Recorded.Site}]").On("GET /v1/applications", $"[{Recorded.Application}]")
            .On("GET /v1/applications/cg/groups", Recorded.Groups)
            .On("GET /v1/events?after=0&limit=100", $"[{string.Join(',', Enumerable.Range(1, 12).Select(i => Recorded.Event(i, $"no {i}")))}]");

        var run = await service.Run("top", "--once");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines[0].ShouldBe("2026-11-23T18:00:10Z   1 sites, 1 applications");
        run.Lines.ShouldContain("cg             2  rennes:1  {vm1,vm2}");
        run.Out.ShouldContain("no 12");
        run.Out.ShouldNotContain("no 2\n");
    }

    /// <summary>Stops a command once it has written a certain text.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
