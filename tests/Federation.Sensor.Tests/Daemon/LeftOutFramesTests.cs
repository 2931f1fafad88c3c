using Federation.Domain.Identity;
using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Federation.Sensor.Tests.Live;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Daemon;

public sealed class LeftOutFramesTests
{
    [Fact]
    public void Metrics_say_how_many_frames_had_no_IP_addresses_and_what_they_were()
    {
        var leftOut = LeftOutFrames.None.With(Cut(Of(0x0806, 3), Of(0x8847, 2), LiveFrames.From(1).On("tap0"))).With(Cut(Of(0x0806, 4)));
        var status = new SensorStatus { Sensor = "host1", Boot = Guid.Empty, Backend = "ring", LeftOut = leftOut };

        var lines = Metrics.Of(status).Split('\n');

        lines.Where(line => line.StartsWith("federation_sensor_left_out_frames_total{", StringComparison.Ordinal)).ShouldBe([
            "federation_sensor_left_out_frames_total{reason=\"ARP\"} 7",
            "federation_sensor_left_out_frames_total{reason=\"MPLS without IP\"} 2"]);
        lines.ShouldContain("# TYPE federation_sensor_left_out_frames_total counter");
    }

    /// <summary>Whatever a frame says that it is.</summary>
    [Fact]
    public void Every_protocol_has_a_reason_that_needs_no_escaping_in_metrics()
    {
        foreach (var protocol in Enumerable.Range(0, ushort.MaxValue + 1))
        {
            var reason = LeftOutFrames.ReasonOf((ushort)protocol);
            reason.ShouldNotBeNullOrWhiteSpace();
            reason.ShouldAllBe(letter => letter != '"' && letter != '\\' && !char.IsControl(letter));
        }
    }

    private static CaptureCut Cut(params FrameTally[] tallies) => new(tallies, 0);

    private static FrameTally Of(ushort protocol, long packets) =>
        new("tap0", Towards: false, Address.Parse("52:54:00:00:00:01"), Address.Parse("52:54:00:00:00:02"), default, default, packets, 60 * packets)
        {
            Protocol = protocol,
        };
}
