using System.Globalization;
using Federation.Domain.Identity;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

/// <summary>Captures of real programs, whose counts an independent program made: tests/captures.</summary>
public sealed class RealCaptureTests
{
    [Theory]
    [InlineData("bt-a-4")]
    [InlineData("cg-a-4")]
    [InlineData("cg-a-8")]
    [InlineData("ep-a-8")]
    [InlineData("ft-a-8")]
    [InlineData("mg-a-8")]
    [InlineData("phases")]
    public void A_real_capture_gives_exactly_its_true_counts(string name)
    {
        var traffic = Read(name);
        traffic.Matrix().ToDictionary().ShouldBe(TrueCounts(name), ignoreOrder: true);
        traffic.LeftOut.ShouldBeEmpty();
        traffic.End.Truncated.ShouldBeNull();
    }

    [Theory]
    [InlineData("bt-a-4")]
    [InlineData("cg-a-8")]
    [InlineData("phases")]
    public void The_windows_of_a_real_capture_add_up_to_its_true_counts(string name)
    {
        var windows = Read(name).Windows;
        var total = windows.Aggregate(default(Tally), (sum, window) => sum + window.Total);
        total.ShouldBe(TrueCounts(name).Values.Aggregate(default(Tally), (sum, tally) => sum + tally));
        windows.Select(window => window.Window).ShouldBeInOrder();
    }

    [Fact]
    public void The_phases_capture_touches_its_six_whole_windows()
    {
        var starts = Read("phases").Windows.Select(window => window.Window.Start.TimeOfDay);
        starts.ShouldBe(Enumerable.Range(0, 6).Select(i => new TimeSpan(18, 55, 30 * i)));
    }

    private static CaptureTraffic Read(string name) =>
        CaptureTraffic.Read(PathOf($"{name}.pcap.gz"), TestContext.Current.CancellationToken);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "captures", file);

    private static Dictionary<AddressPair, Tally> TrueCounts(string name) =>
        File.ReadLines(PathOf($"{name}.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(
            cells => new AddressPair(Address.Parse(cells[0]), Address.Parse(cells[1])),
            cells => new Tally(Number(cells[2]), Number(cells[3])));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
