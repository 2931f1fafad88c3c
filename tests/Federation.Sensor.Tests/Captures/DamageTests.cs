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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_a_time_stamp_says_it_is_a_time_or_told_as_none(bool nanoseconds) =>
        Gen.OneOf(Gen.Const(0U), Gen.Const(1U), Gen.Const(1U << 31), Gen.Const(uint.MaxValue), Gen.UInt).Array[2].Sample(
            words =>
            {
                uint[] header = [nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, 0x00040002, 0, 0, 65535, 1];
                uint[] frame = [words[0], words[1], 60, 60];
                ReadsOrRefuses([.. header.Concat(frame).SelectMany(BitConverter.GetBytes), .. new byte[60]]);
            },
            iter: 200);

    /// <summary>No other exception gets through, and what was read is consistent in itself.</summary>
    private static void ReadsOrRefuses(byte[] content)
    {
        using var file = new TemporaryFile(content);
        try
        {
            var traffic = CaptureTraffic.Read(file.Path);
            var counted = traffic.Matrix().Values.Concat(traffic.LeftOut.Select(left => left.Frames)).Sum(tally => tally.Packets);
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
