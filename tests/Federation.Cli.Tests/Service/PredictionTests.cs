using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class PredictionTests
{
    private const string Asked = "GET /v1/applications/cg?predictions=true";

    [Fact]
    public async Task An_application_says_how_far_off_its_predictions_were_by_link_and_kind()
    {
        await using var service = await RecordedService.Start();
        service.On(Asked, Application("""{"from":"aws","to":"rennes","kind":"downtime","count":4,"bias":2.98,"correction":1.87,"low":0.874,"high":4}"""));

        var run = await service.Run("app", "describe", "cg");

        run.Lines.ShouldContain("aws   rennes  downtime      4           2.98    0.87 to 4");
        (await service.Run("app", "describe", "cg", "-o", "json")).Out.ShouldContain("\"correction\": 1.87");
    }

    [Fact]
    public async Task Of_one_without_a_measured_move_that_is_said()
    {
        await using var service = await RecordedService.Start();
        service.On(Asked, Application(""));

        (await service.Run("app", "describe", "cg")).Lines.ShouldContain("  none: no live move was measured yet");
    }

    private static string Application(string prediction) =>
        $$"""{"application":"cg","revision":1,"version":"2.1","spec":{},"vms":[],"predictions":[{{prediction}}]}""";
}
