using CsCheck;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Captures;

public sealed class DamageTests
{
    private static readonly byte[][] Magics =
    [
        [],
        [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0],
        [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4],
        [0x0A, 0x0D, 0x0D, 0x0A],
        [0x1F, 0x8B, 8, 0],
    ];

    private static readonly Gen<byte[]> Damaged =
        from capture in CaptureGen.Capture
        from hits in Gen.Select(Gen.Double[0, 0.999], Gen.Byte).Array[1, 20]
        select Hit(capture.Format.Write(capture.Frames).File, hits);

    private static readonly Gen<byte[]> Noise =
        from magic in Gen.Int[0, Magics.Length - 1]
        from noise in Gen.Byte.Array[1, 300]
        select (byte[])[.. Magics[magic], .. noise];

    [Fact]
    public void A_damaged_capture_is_read_in_part_or_refused_with_its_name() => Damaged.Sample(ReadsOrRefuses, iter: 1000);

    [Fact]
    public void Noise_is_read_in_part_or_refused_with_its_name() => Noise.Sample(ReadsOrRefuses, iter: 1000);

    /// <summary>No other exception gets through, and what was read is consistent in itself.</summary>
    private static void ReadsOrRefuses(byte[] content)
    {
        using var file = new TemporaryFile(content);
        try
        {
            var traffic = CaptureTraffic.Read(file.Path);
            var counted = traffic.Matrix().Values.Concat(traffic.Others().Values).Sum(tally => tally.Packets);
            counted.ShouldBe(traffic.End.Frames);
        }
        catch (CaptureException refused)
        {
            refused.Message.ShouldStartWith(file.Path);
        }
    }

    private static byte[] Hit(byte[] content, (double Share, byte Value)[] hits)
    {
        foreach (var (share, value) in hits)
        {
            content[(int)(share * content.Length)] = value;
        }

        return content;
    }
}
