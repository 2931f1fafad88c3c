using System.Text.Json;
using Federation.Cli.Tests.Making;
using Federation.Sensor.Daemon;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class SensorTopTests
{
    [Theory]
    [InlineData(null, null, false, "waiting 7 reports")]
    [InlineData("Connection refused", null, true, "waiting 7 reports, service away")]
    [InlineData("503 Service Unavailable", 503, false, "waiting 7 reports, service out or busy (503)")]
    [InlineData("403 Forbidden: vm1 was not on rennes/h1", 403, false, "waiting 7 reports, refused by the service (403): 'fedctl sensor status' says why")]
    [InlineData("the token cannot be read", null, false, "waiting 7 reports, not delivered: 'fedctl sensor status' says why")]
    public async Task Only_a_service_that_does_not_answer_is_called_away(string? failure, int? answer, bool isAway, string said)
    {
        await using var service = await RecordedService.Start();
        var status = new SensorStatus
        {
            Sensor = "host1", Boot = Guid.Empty, Backend = "ring",
            Spool = new(7, 100, null, 0, 0), Delivery = new(0, 0, null, failure, answer, isAway, null),
        };
        service.On("GET /status", JsonSerializer.Serialize(status, SensorStatusJson.Default.SensorStatus));

        var top = await service.Run("sensor", "top", "--at", new Uri(service.Address).Authority);

        top.Lines[0].ShouldEndWith(said);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    public async Task What_is_no_sensor_is_said_to_be_none(string? answers)
    {
        await using var service = await RecordedService.Start();
        if (answers is not null)
        {
            service.On("GET /status", answers);
        }

        var address = new Uri(service.Address).Authority;
        var run = await service.Run("sensor", "status", "--at", address);

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldBe($"fedctl: no sensor answers at {address} (what answers there is no sensor); start one with 'fedctl sensor run --config FILE', or give --at ADDRESS\n");
    }
}
