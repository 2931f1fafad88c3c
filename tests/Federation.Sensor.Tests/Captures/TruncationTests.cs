using System.Buffers.Binary;
using CsCheck;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Captures;

public sealed class TruncationTests
{
    private static readonly Gen<(CaptureFormat Format, MadeFrame[] Frames, double Share)> Cut =
        from capture in CaptureGen.Capture
        from share in Gen.Double[0, 1]
        select (capture.Format, capture.Frames, share);

    // Interfaces may be named between frames: where such a block ends the file is whole, too.
    private static int[] BlockEnds(ReadOnlySpan<byte> content, bool isBigEndian)
    {
        var ends = new List<int>();
        for (var at = 0; at + 8 <= content.Length;)
        {
            var length = content.Slice(at + 4, 4);
            at += isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(length) : BinaryPrimitives.ReadInt32LittleEndian(length);
            ends.Add(at);
        }

        return [.. ends];
    }

    [Fact]
    public void A_capture_cut_at_any_byte_gives_the_frames_that_are_whole_or_is_refused() =>
        Cut.Sample(
            made =>
            {
                var (content, ends) = (made.Format with { IsGzip = false }).Write(made.Frames);
                var kept = (int)(made.Share * content.Length);
                using var file = new TemporaryFile(content[..kept]);
                if (kept < ends[0] && made.Format.Further.Length > 0)
                {
                    // Where the first interface is named there may be a capture without frames.
                    FramesIn(file.Path).ShouldBeOneOf(null, 0);
                    return;
                }

                if (kept < ends[0])
                {
                    Should.Throw<CaptureException>(() => CaptureTraffic.Read(file.Path)).Message.ShouldContain(file.Path);
                    return;
                }

                var traffic = CaptureTraffic.Read(file.Path);
                var whole = ends.Count(end => end <= kept) - 1;
                SlowCount.Of(traffic).ShouldBe(SlowCount.Of(made.Frames[..whole]));
                traffic.End.Frames.ShouldBe(whole);
                traffic.End.LastFrame.ShouldBe(made.Frames[..whole].LastOrDefault()?.Time);
                (traffic.End.Truncated is null).ShouldBe((made.Format.IsNext ? BlockEnds(content, made.Format.IsBigEndian) : ends).Contains(kept));
            },
            iter: 500);

    [Fact]
    public void A_gzipped_capture_cut_at_any_byte_says_so_and_gives_a_prefix_of_its_frames_or_is_refused() =>
        Cut.Sample(
            made =>
            {
                var content = (made.Format with { IsGzip = true }).Write(made.Frames).File;
                using var file = new TemporaryFile(content[..(int)(made.Share * (content.Length - 1))]);
                try
                {
                    var traffic = CaptureTraffic.Read(file.Path);
                    traffic.End.Truncated.ShouldNotBeNull().ShouldContain("gzip");
                    SlowCount.Of(traffic).ShouldBe(SlowCount.Of(made.Frames[..(int)traffic.End.Frames]));
                }
                catch (CaptureException refused)
                {
                    refused.File.ShouldBe(file.Path);
                }
            },
            iter: 500);

    [Fact]
    public void A_large_gzipped_capture_cut_in_half_gives_about_half_of_its_frames()
    {
        var content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "captures", "cg-a-8.pcap.gz"));
        using var file = new TemporaryFile(content[..(content.Length / 2)]);
        var end = CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken).End;
        end.Frames.ShouldBeInRange(32_416 / 3, 32_416 * 2 / 3);
        end.LastFrame.ShouldNotBeNull();
        end.Truncated.ShouldNotBeNull().ShouldStartWith("the gzip stream is cut or damaged");
    }

    [Fact]
    public void A_record_longer_than_any_frame_ends_the_reading_with_a_reason()
    {
        var (content, ends) = CaptureFormat.Classic.Write(
            [MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z"), MadeFrame.Between(2, 1, "2026-11-23T17:51:01Z")]);
        const int CapturedLengthPosition = 8;
        content.AsSpan(ends[1] + CapturedLengthPosition, sizeof(uint)).Fill(0xFF);
        using var file = new TemporaryFile(content);
        var end = CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken).End;
        end.Frames.ShouldBe(1);
        end.Truncated.ShouldNotBeNullOrWhiteSpace();
    }

    private static long? FramesIn(string path)
    {
        try
        {
            return CaptureTraffic.Read(path).End.Frames;
        }
        catch (CaptureException)
        {
            return null;
        }
    }
}
