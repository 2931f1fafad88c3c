using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Headers;
using Federation.Sensor.Tests.Making;
using PacketDotNet;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Captures;

public sealed class LinkTypeTests
{
    /// <summary>Every number that a file can say, and every one that a well-known library has a name for.</summary>
    [Fact]
    public void Every_link_type_is_read_or_refused_by_its_name()
    {
        foreach (var number in Enumerable.Range(0, 400).Concat(Enum.GetValues<LinkLayers>().Select(link => (int)link)).Distinct())
        {
            var link = (LinkType)number;
            var isRead = LinkTypes.IsRead(link);
            foreach (var isNext in (bool[])[false, true])
            {
                using var file = new TemporaryFile((CaptureFormat.Classic with { Link = link, IsNext = isNext }).Write([IPv4On(link)]).File);
                if (isRead)
                {
                    CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken).Matrix().Values.ShouldHaveSingleItem().ShouldBe(new Tally(1, 100), $"{link}");
                }
                else
                {
                    var refusal = Should.Throw<CaptureException>(() => CaptureTraffic.Read(file.Path)).Message;
                    refusal.ShouldContain($"link type {LinkTypes.TextOf(link)} is not read; Ethernet,");
                }
            }
        }
    }

    [Fact]
    public void Every_link_type_that_a_well_known_library_names_has_a_name_here() =>
        Enum.GetValues<LinkLayers>().Where(link => LinkTypeNames.Of((int)link) is null).ShouldBeEmpty();

    [Theory]
    [InlineData(160, "USER13 (160)")]
    [InlineData(195, "IEEE802_15_4_WITHFCS (195)")]
    [InlineData(999, "number 999")]
    public void A_link_type_is_named_as_its_registry_names_it(int number, string name) => LinkTypes.TextOf((LinkType)number).ShouldBe(name);

    [Fact]
    public void Of_interfaces_of_several_link_types_the_readable_ones_are_read_and_the_others_named()
    {
        var format = CaptureFormat.Classic with { IsNext = true, Further = [LinkType.Null, (LinkType)195] };
        MadeFrame[] frames = [IPv4On(LinkType.Ethernet), IPv4On(LinkType.Null) with { Interface = 1 }, IPv4On((LinkType)195) with { Interface = 2 }];
        using var file = new TemporaryFile(format.Write(frames).File);

        var traffic = CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken);

        traffic.Matrix().Values.ShouldBe([new Tally(2, 200)]);
        traffic.LeftOut.ShouldBe([new LeftOut("link type IEEE802_15_4_WITHFCS (195)", new Tally(1, 100))]);
    }

    [Fact]
    public void Checksum_bits_beside_a_link_type_are_no_part_of_it()
    {
        var content = CaptureFormat.Classic.Write([IPv4On(LinkType.Ethernet)]).File;
        content[23] = 0x24;
        using var file = new TemporaryFile(content);
        CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken).Matrix().Count.ShouldBe(1);
    }

    private static MadeFrame IPv4On(LinkType link)
    {
        byte[] packet = [.. FrameBytes.IPv4([10, 0, 0, 1], [10, 0, 0, 2], 0), .. new byte[10]];
        return MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z") with { Data = LinkBytes.Write(link, FrameBytes.IPv4Type, packet, choice: 0) };
    }
}
