using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class ParetoTests
{
    private const string Front = """
        {"application":"cg","madeAt":"2026-11-23T18:00:00Z",
         "staying":{"hosting":1.6,"traffic":0,"moving":0,"cost":1.6,"time":7200,"utilization":0.5},
         "points":[{"terms":{"hosting":0.5,"traffic":0.1,"moving":0.2,"cost":0.8,"time":7300,"utilization":0.5},"status":"optimal","moves":1,
                    "placement":[{"vm":"vm1","site":"aws","offer":"m5"},{"vm":"vm2","site":"rennes","offer":"std-4"}]}]}
        """;

    [Fact]
    public async Task Faster_and_dearer_places_are_shown_beside_the_cheapest()
    {
        using var world = new SmallWorld();
        WithAFastOffer(world);

        var run = await world.Plan(world.Application(), "--pareto", "--points", "4", "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Json.GetProperty("application").GetString().ShouldBe("cg");
        run.Json.GetProperty("staying").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var points = run.Json.GetProperty("points").EnumerateArray().ToArray();
        points.Length.ShouldBeInRange(2, 4);
        points[0].GetProperty("placement").EnumerateArray().ShouldAllBe(vm => vm.GetProperty("site").GetString() == "grid");
        points[^1].GetProperty("placement").EnumerateArray().ShouldAllBe(vm => vm.GetProperty("offer").GetString() == "c7");
        foreach (var (point, next) in points.Zip(points.Skip(1)))
        {
            Term(point, "cost").ShouldBeLessThan(Term(next, "cost"));
            Term(point, "time").ShouldBeGreaterThan(Term(next, "time"));
        }
    }

    [Fact]
    public async Task The_table_begins_with_staying_and_says_how_to_get_a_point()
    {
        using var world = new SmallWorld();
        WithAFastOffer(world);

        var run = await world.Plan(world.Application(", at: { site: cloud, offer: m5 }"), "--pareto");

        run.Lines[0].ShouldBe("Cost against time for application cg, as of 2026-11-23T18:00:00Z");
        run.Lines.ShouldContain(line => line.StartsWith("stay     1.6     7200 ", StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.StartsWith("1 ", StringComparison.Ordinal) && line.EndsWith("4 x grid/std-4", StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.Contains("the deadline of its time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_any_placement_the_front_is_empty_and_the_exit_code_says_so()
    {
        using var world = new SmallWorld();

        var run = await world.Plan(world.Application(memory: "64GiB"), "--pareto");

        run.ExitCode.ShouldBe(ExitCode.Infeasible);
        run.Out.ShouldContain("No placement that holds all constraints was found");
    }

    [Fact]
    public async Task The_service_is_asked_without_making_a_plan()
    {
        await using var service = await RecordedService.Start();
        service.On("POST /v1/applications/cg/pareto?points=3", Front);

        var run = await service.Run("plan", "cg", "--pareto", "--points", "3", "--seed", "3", "--time-limit", "5s");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldContain("stay   1.6     7200      1.6        0       0      0  -        -");
        run.Lines.ShouldContain("1      0.8     7300      0.5      0.1     0.2      1  optimal  1 x aws/m5 + 1 x rennes/std-4");
        service.Requests.Single().Body.ShouldBe("""{"windows":null,"solver":null,"seed":3,"timeLimitSeconds":5}""");
    }

    [Theory]
    [InlineData("--points: '1' is not a whole number from 2 to 20", "--pareto", "--points", "1")]
    [InlineData("--points can be given only with --pareto", "--points", "3")]
    public async Task A_number_of_points_that_makes_no_sense_is_refused(string problem, params string[] options)
    {
        var run = await CommandRun.Of(["plan", "cg", .. options]);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(problem);
    }

    private static double Term(System.Text.Json.JsonElement point, string term) => point.GetProperty("terms").GetProperty(term).GetDouble();

    private static void WithAFastOffer(SmallWorld world)
    {
        var cloud = Path.Combine(world.Sites, "cloud.yaml");
        world.Write("sites/cloud.yaml", File.ReadAllText(cloud).Replace(
            "offers:", "offers:\n  - { name: c7, vcpus: 4, memory: 16GiB, speed: 2.0, price: 0.9 }", StringComparison.Ordinal));
    }
}
