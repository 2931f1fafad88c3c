using System.Globalization;
using Federation.Domain.Identity;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

/// <summary>Captures of others, with every kind of link type and damage, and what tshark counts in them: tests/captures/public.</summary>
public sealed class PublicCaptureTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "captures", "public");

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["802_15_4-data.pcap"] = "link type IEEE802_15_4_WITHFCS (195) is not read",
        ["unsupported-link-type-160.pcap"] = "link type USER13 (160) is not read",
    };

    public static TheoryData<string> Names => [.. Table("files.csv").Select(cells => cells[0])];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_capture_gives_what_tshark_counts_or_is_refused_by_the_name_of_what_it_is(string name)
    {
        if (Refused.TryGetValue(name, out var reason))
        {
            Should.Throw<CaptureException>(() => Read(name)).Message.ShouldContain(reason);
            return;
        }

        var traffic = Read(name);

        traffic.Matrix().ToDictionary().ShouldBe(Expected(name), ignoreOrder: true);
        traffic.End.Frames.ShouldBe(Table("files.csv").Where(cells => cells[0] == name).Select(cells => Number(cells[1])).Single());
        (traffic.Matrix().Values.Sum(tally => tally.Packets) + traffic.LeftOut.Sum(left => left.Frames.Packets)).ShouldBe(traffic.End.Frames);
    }

    [Theory]
    [InlineData("pppoe.pcap", "PPPoE discovery")]
    [InlineData("reason_code-1.pcap", "802.11 management")]
    [InlineData("macsec-changed.pcap", "MACsec")]
    [InlineData("ipv4_invalid_length.pcap", "cut short before its IP addresses")]
    [InlineData("kday1.pcap", "damaged header")]
    public void A_frame_that_is_not_counted_is_told_with_its_reason(string name, string reason) =>
        Read(name).LeftOut.Select(left => left.Reason).ShouldContain(reason);

    private static CaptureTraffic Read(string name) => CaptureTraffic.Read(Path.Combine(Folder, name), TestContext.Current.CancellationToken);

    private static Dictionary<AddressPair, Tally> Expected(string name) =>
        Table("expected.csv").Where(cells => cells[0] == name).ToDictionary(
            cells => new AddressPair(Address.Parse(cells[1]), Address.Parse(cells[2])), cells => new Tally(Number(cells[3]), Number(cells[4])));

    private static IEnumerable<string[]> Table(string file) => File.ReadLines(Path.Combine(Folder, file)).Skip(1).Select(line => line.Split(','));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
