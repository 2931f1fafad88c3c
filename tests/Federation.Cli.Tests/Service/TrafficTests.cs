using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class TrafficTests
{
    [Fact]
    public async Task What_is_wrong_with_a_window_is_said_below_the_figures()
    {
        await using var service = await RecordedService.Start();
        service.On("GET /v1/applications/cg/traffic?windows=10&as=mean", """
            {"application":"cg","as":"mean","matrices":[],"windows":[
             {"start":"2026-11-23T17:59:00Z","approximate":false,"silent":[],"partial":[],"inexact":["vm3"],"doubled":["vm1","vm2"]},
             {"start":"2026-11-23T17:59:30Z","approximate":false,"silent":["vm4"],"partial":["vm5"]}]}
            """);

        var run = await service.Run("traffic", "cg", "--period", "5m");

        run.Out.ShouldContain("17:59:00Z several sensors reported all of vm1, vm2: frames may count twice ('fedctl events' names the sensors)");
        run.Out.ShouldContain("17:59:00Z frames were dropped, or windows merged, of vm3");
        run.Out.ShouldContain("17:59:30Z nothing was reported for vm4");
        run.Out.ShouldContain("17:59:30Z only a part was watched of vm5");
    }

    [Fact]
    public async Task The_same_of_several_windows_in_a_row_is_said_once()
    {
        await using var service = await RecordedService.Start();
        string Silent(string start) => $$"""{"start":"2026-11-23T{{start}}Z","approximate":false,"silent":["vm4"],"partial":[]}""";
        service.On("GET /v1/applications/cg/traffic?windows=10&as=mean", $$"""
            {"application":"cg","as":"mean","matrices":[],"windows":[{{Silent("17:57:00")}},{{Silent("17:57:30")}},{{Silent("17:58:00")}},{{Silent("17:59:30")}}]}
            """);

        var run = await service.Run("traffic", "cg", "--period", "5m");

        run.Lines.Where(line => line.Contains("nothing was reported", StringComparison.Ordinal)).Select(line => line.Trim()).ShouldBe([
            "- 2026-11-23T17:57:00Z to 2026-11-23T17:58:00Z nothing was reported for vm4",
            "- 2026-11-23T17:59:30Z nothing was reported for vm4",
        ]);
    }
}
