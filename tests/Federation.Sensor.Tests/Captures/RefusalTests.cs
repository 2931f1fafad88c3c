using System.IO.Compression;
using System.Text;
using Federation.Sensor.Captures;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Captures;

public sealed class RefusalTests
{
    [Fact]
    public void A_missing_file_is_refused_with_its_name() =>
        Refusal("/no/such/capture.pcap").ShouldBe("/no/such/capture.pcap: there is no such file");

    [Fact]
    public void A_directory_is_refused() => Refusal(Path.GetTempPath()).ShouldContain("is a directory");

    [Fact]
    public void An_empty_file_is_refused() => RefusalOf([]).ShouldContain("is empty");

    [Fact]
    public void A_device_is_refused() => Refusal("/dev/null").ShouldStartWith("/dev/null: is ");

    [Fact]
    public void A_text_is_refused_and_the_message_says_what_is_wanted() =>
        RefusalOf("source,destination,packets,bytes"u8.ToArray())
            .ShouldContain("a pcap or pcapng file is wanted, gzipped or not");

    [Fact]
    public void A_gzipped_text_is_refused_alike() =>
        RefusalOf(Gzip(Encoding.UTF8.GetBytes(new string('x', 1_000_000)))).ShouldContain("a pcap or pcapng file is wanted");

    [Fact]
    public void A_gzip_stream_cut_before_the_capture_header_is_refused_as_cut() =>
        RefusalOf(Gzip([1, 2, 3])[..12]).ShouldContain("the gzip stream is cut or damaged");

    [Theory]
    [InlineData(0xFD2FB528, "compressed by zstd")]
    [InlineData(0x184D2204, "compressed by lz4")]
    [InlineData(0x587A37FD, "compressed by xz")]
    [InlineData(0x31685A42, "compressed by bzip2")]
    [InlineData(0x04034B50, "zip archive")]
    [InlineData(0x6F6F6E73, "snoop")]
    [InlineData(0x55424D47, "Network Monitor")]
    [InlineData(0x1C0001AC, "IXIA")]
    public void What_other_programs_write_is_refused_by_its_name(uint magic, string name) =>
        RefusalOf([.. BitConverter.GetBytes(magic), .. new byte[100]]).ShouldContain(name);

    [Fact]
    public void A_capture_is_known_by_its_bytes_and_not_by_its_name()
    {
        using var misnamed = new TemporaryFile([]);
        var path = misnamed.Path + ".gz";
        try
        {
            File.WriteAllBytes(path, CaptureFormat.Classic.Write([MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z")]).File);
            CaptureFile.Read(path, (in Frame _) => { }, TestContext.Current.CancellationToken).Frames.ShouldBe(1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_cancelled_reading_stops_and_leaves_nothing_waiting()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "captures", "bt-a-4.pcap.gz");
        using var cancel = new CancellationTokenSource();
        var seen = 0;
        Should.Throw<OperationCanceledException>(() => CaptureFile.Read(
            path,
            (in Frame _) =>
            {
                if (++seen == 10)
                {
                    cancel.Cancel();
                }
            },
            cancel.Token));
        seen.ShouldBe(10);
    }

    private static string RefusalOf(byte[] content)
    {
        using var file = new TemporaryFile(content);
        return Refusal(file.Path);
    }

    private static string Refusal(string path) =>
        Should.Throw<CaptureException>(() => CaptureFile.Read(path, (in Frame _) => { })).Message;

    private static byte[] Gzip(byte[] content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return file.ToArray();
    }
}
