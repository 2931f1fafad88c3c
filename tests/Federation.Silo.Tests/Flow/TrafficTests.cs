using System.Globalization;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

public sealed class TrafficTests
{
    private static readonly string[] Halves = ["vm1,vm2,vm3,vm4", "vm5,vm6,vm7,vm8"];
    private static readonly string[] All = ["vm1,vm2,vm3,vm4,vm5,vm6,vm7,vm8"];

    [Fact]
    public async Task The_phases_of_a_real_run_are_seen_window_by_window_and_told_by_the_groups_history()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        await service.Replay("phases", "cg");
        var groups = await service.Read("/v1/applications/cg/groups");
        groups.GetProperty("windows").EnumerateArray().Select(window => Members(window.GetProperty("groups"))).ShouldBe([Halves, Halves, All, All, [], []]);
        groups.GetProperty("groups").GetArrayLength().ShouldBe(0);
        groups.GetProperty("history").EnumerateArray().Select(happened => happened.GetProperty("text").GetString()).ShouldBe([
            "g1 formed: vm1, vm2, vm3, vm4",
            "g2 formed: vm5, vm6, vm7, vm8",
            "g1, g2 merged into g3: vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8",
            "g3 dissolved: vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8",
        ]);
        var starts = groups.GetProperty("windows").EnumerateArray().Select(window => window.GetProperty("start").GetDateTimeOffset()).ToArray();
        groups.GetProperty("history").EnumerateArray().Select(happened => happened.GetProperty("began").GetDateTimeOffset())
            .ShouldBe([starts[0], starts[0], starts[2], starts[4]]);
    }

    [Fact]
    public async Task The_matrix_that_the_service_answers_with_is_the_true_count_of_the_capture()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        var last = await service.Replay("cg-a-8", "cg");
        var answer = await service.Read($"/v1/applications/cg/traffic?windows=1&as=detailed&until={last.Next}");
        var counted = answer.GetProperty("matrices")[0].GetProperty("pairs").EnumerateArray().Select(pair => string.Create(
            CultureInfo.InvariantCulture,
            $"{AddressOf(pair, "source")},{AddressOf(pair, "destination")},{pair.GetProperty("packets").GetDouble()},{pair.GetProperty("bytes").GetDouble()}"));
        counted.Order().ShouldBe(File.ReadLines(Replaying.PathOf("cg-a-8.csv")).Skip(1).Order());
        answer.GetProperty("windows")[0].GetProperty("silent").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_capture_replayed_twice_counts_once()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        var last = await service.Replay("phases", "cg");
        var once = await Total(service, last);
        // Between the two a window may have closed: its own is then new, and no other's count has changed.
        await service.Replay("phases", "cg");
        (await Total(service, last)).ShouldBe(once);
    }

    [Fact]
    public async Task A_question_that_nothing_was_reported_for_is_answered_with_what_could_be_asked()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        using var response = await service.Get("/v1/applications/cg/traffic");
        ((int)response.StatusCode).ShouldBe(422);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("silence is not zero");
    }

    private static async Task<double> Total(RunningService service, Window last) =>
        (await service.Read($"/v1/applications/cg/traffic?windows=1&as=detailed&until={last.Next}")).GetProperty("matrices")[0].GetProperty("pairs").EnumerateArray()
            .Sum(pair => pair.GetProperty("packets").GetDouble());

    private static string[] Members(JsonElement groups) =>
        [.. groups.EnumerateArray().Select(members => string.Join(',', members.EnumerateArray().Select(vm => vm.GetString())))];

    private static string AddressOf(JsonElement pair, string end) => $"10.42.0.{pair.GetProperty(end).GetString()![2..]}";
}
