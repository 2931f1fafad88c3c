using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class IngestTests
{
    [Fact]
    public async Task A_batch_may_be_gzip_and_nothing_else_and_may_not_unpack_without_end()
    {
        await using var service = await RunningService.Start("--Federation:MaxBatchBytes=100000");
        await service.Apply(SampleFiles.Application());
        var batch = Batches.Of("cg", Batches.Posted("vm1", 1, 1)).Json();

        (await Answer(service.Send(Batches.Gzip(batch), "gzip"))).Accepted.ShouldBe(1);
        (await Status(service.Send(batch, "gzip"))).ShouldBe(HttpStatusCode.BadRequest);
        (await Status(service.Send(Batches.Gzip(batch), "br"))).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        var bomb = Batches.Gzip(Encoding.UTF8.GetBytes($"{{\"sensor\":\"{new string('x', 50_000_000)}\"}}"));
        bomb.Length.ShouldBeLessThan(500_000);
        (await Status(service.Send(bomb, "gzip"))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_sensor_that_sends_too_much_is_told_when_to_come_back_and_others_are_not()
    {
        await using var service = await RunningService.Start("--Federation:SensorBurstWindows=3", "--Federation:SensorWindowsPerSecond=0.1");
        await service.Apply(SampleFiles.Application());
        var batch = Batches.Of("cg", Batches.Posted("vm1", 1, 1), Batches.Posted("vm2", 1, 2));

        (await Answer(service.Send(batch.Json()))).Accepted.ShouldBe(2);
        using var refusal = await service.Send(batch.Json());
        refusal.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refusal.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 10);
        (await Answer(service.Send((batch with { Sensor = "host-2" }).Json()))).Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task A_poisoned_window_is_refused_with_its_reason_and_its_neighbours_are_stored()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        var fine = Batches.Posted("vm1", 1, 1);
        var batch = Batches.Of(
            "cg",
            fine,
            fine with { Sequence = 2, Vm = "vm9" },
            fine with { Sequence = 3, Start = "2026-11-23T17:51:07Z" },
            fine with { Sequence = 4, Start = Batches.Now.Shift(3000).ToString() },
            fine with { Sequence = 5, Vm = "vm2", Records = [.. Enumerable.Repeat(fine.Records[0] with { Peer = "x" }, 1000)] },
            fine with { Sequence = 6, Vm = "vm3", Application = "nobody" },
            fine with { Sequence = 7, Vm = "vm4" });

        var answer = await Answer(service.Send(batch.Json()));

        answer.Accepted.ShouldBe(2);
        string.Join('|', answer.Refused.Select(refused => refused.Reason)).ShouldBe(
            "start '2026-11-23T17:51:07Z' is not at :00 or :30 of a minute|"
            + $"{string.Join("; ", Enumerable.Repeat("peer 'x' is no IPv4, IPv6 or MAC address", 10))}; and 990 more|"
            + "application cg has no VM 'vm9'|"
            + answer.Refused.Single(refused => refused.Reason.Contains("from the future", StringComparison.Ordinal)).Reason
            + "|there is no application 'nobody'");
    }

    [Fact]
    public async Task A_window_that_is_none_is_refused_alone_and_one_body_that_is_no_JSON_whole()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        var body = Encoding.UTF8.GetString(Batches.Of("cg", Batches.Posted("vm1", 1, 1), Batches.Posted("vm2", 1, 2), Batches.Posted("vm3", 1, 3)).Json());
        var spoilt = body.Replace("\"sequence\":2", "\"sequence\":\"two\"", StringComparison.Ordinal);

        foreach (var (content, coding) in ((byte[], string?)[])[(Encoding.UTF8.GetBytes(spoilt), null), (Batches.Gzip(Encoding.UTF8.GetBytes(spoilt)), "gzip")])
        {
            var answer = await Answer(service.Send(content, coding));
            (answer.Accepted + answer.Duplicates).ShouldBe(2);
            var refused = answer.Refused.ShouldHaveSingleItem();
            (refused.Vm, refused.Start).ShouldBe(("vm2", Batches.Now.Shift(-1).ToString()));
            refused.Reason.ShouldContain("$.sequence");
        }

        (await Status(service.Send(Encoding.UTF8.GetBytes(spoilt[..^2])))).ShouldBe(HttpStatusCode.BadRequest);
        (await Status(service.Send(Encoding.UTF8.GetBytes(spoilt.Replace("\"boot\"", "\"root\"", StringComparison.Ordinal))))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Windows_of_several_applications_come_together_and_of_none_that_there_is_are_not_found()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application(), SampleFiles.Application("ft"));

        (await Answer(service.Send(Batches.Of(
            null, Batches.Posted("vm1", 1, 1, 7, "cg"), Batches.Posted("vm1", 1, 2, 9, "ft")).Json()))).Accepted.ShouldBe(2);

        (await Packets(service, "cg", "vm1")).ShouldBe(7);
        (await Packets(service, "ft", "vm1")).ShouldBe(9);
        (await Status(service.Send(Batches.Of("nobody", Batches.Posted("vm1", 1, 1)).Json()))).ShouldBe(HttpStatusCode.NotFound);
        (await Status(service.Send(Batches.Of(null, Batches.Posted("vm1", 1, 1)).Json()))).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Late_and_reordered_windows_land_where_they_belong_and_parts_of_two_sensors_add_up()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application());
        foreach (var age in (int[])[1, 40, 3, 2])
        {
            await Answer(service.Send(Batches.Of("cg", Batches.Posted("vm1", age, age, age)).Json()));
        }

        await Answer(service.Send((Batches.Of("cg", Batches.Posted("vm1", 2, 1, 100) with { Dropped = 5 }) with { Sensor = "host-2" }).Json()));

        var recent = await service.Read($"/v1/applications/cg/traffic?windows=3&as=detailed&until={Batches.Until}");
        recent.GetProperty("matrices").EnumerateArray().Select(PacketsOf).ShouldBe([3, 102, 1]);
        recent.GetProperty("windows").EnumerateArray().Select(window => string.Join(',', window.GetProperty("inexact").EnumerateArray().Select(vm => vm.GetString())))
            .ShouldBe(["", "vm1", ""]);
        var old = await service.Read($"/v1/applications/cg/traffic?windows=40&as=detailed&until={Batches.Until}");
        old.GetProperty("matrices").EnumerateArray().Select(PacketsOf).ShouldBe([40, 3, 102, 1]);
    }

    private static async Task<double> Packets(RunningService service, string application, string vm) =>
        (await service.Read($"/v1/applications/{application}/traffic?windows=3&as=detailed&until={Batches.Until}")).GetProperty("matrices").EnumerateArray()
            .SelectMany(matrix => matrix.GetProperty("pairs").EnumerateArray())
            .Where(pair => pair.GetProperty("destination").GetString() == vm).Sum(pair => pair.GetProperty("packets").GetDouble());

    private static double PacketsOf(JsonElement matrix) =>
        matrix.GetProperty("pairs").EnumerateArray().Sum(pair => pair.GetProperty("packets").GetDouble());

    private static async Task<WindowBatchAnswer> Answer(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, WindowBatchJson.Default.WindowBatchAnswer)!;
    }

    private static async Task<HttpStatusCode> Status(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return response.StatusCode;
    }
}
