using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Commands;

public sealed class AnalyzeTests
{
    private static readonly string Captures = Path.Combine(AppContext.BaseDirectory, "captures");

    [Theory]
    [InlineData("cg-a-4", "1,2 3,4")]
    [InlineData("cg-a-8", "1,2,3,4 5,6,7,8")]
    [InlineData("mg-a-8", "1,2,3,4,5,6,7,8")]
    [InlineData("ft-a-8", "1,2,3,4,5,6,7,8")]
    [InlineData("bt-a-4", "1,2,3,4")]
    [InlineData("ep-a-8", "")]
    public async Task Real_programs_have_the_groups_that_were_published(string capture, string groups)
    {
        var document = await Analyze(capture);

        var found = document.GetProperty("groups").EnumerateArray().Select(group =>
            string.Join(',', group.EnumerateArray().Select(address => address.GetString()!["10.42.0.".Length..])));
        string.Join(' ', found).ShouldBe(groups);
    }

    [Theory]
    [InlineData("cg-a-4")]
    [InlineData("cg-a-8")]
    [InlineData("mg-a-8")]
    [InlineData("ft-a-8")]
    [InlineData("bt-a-4")]
    [InlineData("ep-a-8")]
    [InlineData("phases")]
    public async Task The_matrix_is_what_an_independent_program_counted(string capture)
    {
        var document = await Analyze(capture);

        var rows = document.GetProperty("matrix").EnumerateArray().Select(row => string.Join(',',
            row.EnumerateObject().Select(cell => cell.Value.ToString())));
        var expected = await File.ReadAllLinesAsync(Path.Combine(Captures, $"{capture}.csv"), TestContext.Current.CancellationToken);
        rows.ShouldBe(expected.Skip(1));
    }

    [Fact]
    public async Task Windows_start_on_the_half_minute_and_add_up_to_the_matrix()
    {
        var document = await Analyze("phases");

        var windows = document.GetProperty("windows").EnumerateArray().ToList();
        windows.Select(window => window.GetProperty("start").GetString()).ShouldBe([
            "2026-11-23T18:55:00Z", "2026-11-23T18:55:30Z", "2026-11-23T18:56:00Z",
            "2026-11-23T18:56:30Z", "2026-11-23T18:57:00Z", "2026-11-23T18:57:30Z"]);
        foreach (var figure in new[] { "packets", "bytes" })
        {
            windows.Sum(window => window.GetProperty(figure).GetInt64())
                .ShouldBe(document.GetProperty("matrix").EnumerateArray().Sum(row => row.GetProperty(figure).GetInt64()));
        }
    }

    [Fact]
    public async Task The_keys_are_those_of_the_contract()
    {
        var document = await Analyze("cg-a-4");

        Keys(document).ShouldBe(["windows", "matrix", "groups", "isolation", "frames", "leftOut", "onLink"]);
        Keys(document.GetProperty("frames")).ShouldBe(["read", "counted", "mistimed", "perhapsRepeated"]);
        Keys(document.GetProperty("windows")[0]).ShouldBe(["start", "packets", "bytes"]);
        Keys(document.GetProperty("matrix")[0]).ShouldBe(["source", "destination", "packets", "bytes"]);
    }

    [Fact]
    public async Task A_floor_above_all_traffic_leaves_no_group() =>
        (await Analyze("cg-a-8", "--floor", "1000000")).GetProperty("groups").GetArrayLength().ShouldBe(0);

    [Fact]
    public async Task The_table_says_how_groups_were_found()
    {
        var run = await CommandRun.Of("analyze", PathOf("cg-a-4"), "--metric", "bytes");

        run.Out.ShouldContain("Communication groups (by bytes, ratio 0.6, floor 10000 per second)");
        run.Lines.ShouldContain("10.42.0.1  10.42.0.2       1656  21.368 MB");
    }

    [Theory]
    [InlineData("greedy")]
    [InlineData("leiden")]
    [InlineData("auto")]
    public async Task Every_detector_finds_the_groups_and_says_how_isolated_they_are(string detector)
    {
        var document = await Analyze("cg-a-8", "--detector", detector);

        document.GetProperty("groups").EnumerateArray().Select(group => group.GetArrayLength()).ShouldBe([4, 4]);
        document.GetProperty("isolation").EnumerateArray().ShouldAllBe(isolation => isolation.GetDouble() < 0.3);
    }

    [Fact]
    public async Task An_unknown_detector_is_refused()
    {
        var run = await CommandRun.Of("analyze", PathOf("cg-a-4"), "--detector", "louvain");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain("--detector: 'louvain' is not one of greedy, leiden, auto");
    }

    [Fact]
    public async Task The_table_says_which_detector_was_chosen_and_why()
    {
        var run = await CommandRun.Of("analyze", PathOf("cg-a-4"), "--detector", "auto");

        run.Out.ShouldContain("detector greedy: 4 VMs talk");
    }

    [Fact]
    public async Task The_metric_is_chosen_by_what_splitting_costs()
    {
        var sites = Path.Combine(AppContext.BaseDirectory, "sites");

        var cost = await CommandRun.Of("analyze", PathOf("ft-a-8"), "--metric", "auto", "--sites", sites);
        var time = await CommandRun.Of("analyze", PathOf("ft-a-8"), "--metric", "auto", "--sites", sites, "--objective", "time");

        cost.Out.ShouldContain("metric bytes: were all pairs split");
        time.Out.ShouldContain("metric packets: were all pairs split");
    }

    [Fact]
    public async Task A_metric_cannot_be_chosen_without_sites() =>
        (await CommandRun.Of("analyze", PathOf("cg-a-4"), "--metric", "auto")).Error.ShouldContain("--metric auto needs --sites DIR");

    [Fact]
    public async Task A_capture_that_is_cut_short_gives_what_can_be_read_and_a_warning()
    {
        using var folder = new TemporaryFolder();
        var whole = await Unzipped("cg-a-4");
        await File.WriteAllBytesAsync(folder["cut.pcap"], whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);

        var run = await CommandRun.Of("analyze", folder["cut.pcap"], "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Error);
        var packets = run.Json.GetProperty("matrix").EnumerateArray().Sum(row => row.GetProperty("packets").GetInt64());
        packets.ShouldBeGreaterThan(1000);
        run.Error.ShouldContain($"{folder["cut.pcap"]} is truncated: only its first {packets} frames were read");
    }

    [Fact]
    public async Task A_capture_without_a_frame_has_no_window_no_traffic_and_no_group()
    {
        using var folder = new TemporaryFolder();
        var whole = await Unzipped("ep-a-8");
        const int header = 24;
        await File.WriteAllBytesAsync(folder["empty.pcap"], whole[..header], TestContext.Current.CancellationToken);

        var run = await CommandRun.Of("analyze", folder["empty.pcap"], "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Json.EnumerateObject().Where(member => member.Name != "frames").ShouldAllBe(member => member.Value.GetArrayLength() == 0);
        run.Json.GetProperty("frames").EnumerateObject().ShouldAllBe(member => member.Value.GetInt64() == 0);
    }

    [Fact]
    public async Task Frames_that_are_not_counted_are_told_with_their_reason_in_table_and_json()
    {
        using var folder = new TemporaryFolder();
        var whole = await Unzipped("ep-a-8");
        const int fileHeader = 24, recordHeader = 16, typeAt = 12, frameLength = 34;
        foreach (var frame in Enumerable.Range(0, 515))
        {
            // ARP in place of IPv4.
            whole[fileHeader + (frame * (recordHeader + frameLength)) + recordHeader + typeAt + 1] = 0x06;
        }

        await File.WriteAllBytesAsync(folder["arp.pcap"], whole, TestContext.Current.CancellationToken);

        var json = (await CommandRun.Of("analyze", folder["arp.pcap"], "-o", "json")).Json;
        var table = await CommandRun.Of("analyze", folder["arp.pcap"]);

        json.GetProperty("frames").GetProperty("read").GetInt64().ShouldBe(515);
        json.GetProperty("frames").GetProperty("counted").GetInt64().ShouldBe(0);
        json.GetProperty("leftOut")[0].GetProperty("reason").GetString().ShouldBe("ARP");
        json.GetProperty("leftOut")[0].GetProperty("frames").GetInt64().ShouldBe(515);
        table.Lines.ShouldContain("0 of 515 frames counted");
        table.Lines.ShouldContain(line => line.StartsWith("ARP ", StringComparison.Ordinal) && line.Contains("515"));
        table.Error.ShouldContain($"515 of the 515 frames of {folder["arp.pcap"]} were not counted: ARP 515");
    }

    [Fact]
    public async Task Addresses_that_are_good_on_their_link_alone_are_in_the_matrix_and_in_no_group()
    {
        using var folder = new TemporaryFolder();
        var whole = await Unzipped("cg-a-4");
        const int fileHeader = 24, record = 50, addressesAt = 16 + 14 + 12;
        for (var frame = fileHeader; frame < whole.Length; frame += record)
        {
            foreach (var at in (int[])[frame + addressesAt, frame + addressesAt + 4])
            {
                // 10.42.0.1 and 10.42.0.2 become 169.254.0.1 and .2.
                (whole[at], whole[at + 1]) = whole[at + 3] <= 2 ? ((byte)169, (byte)254) : (whole[at], whole[at + 1]);
            }
        }

        await File.WriteAllBytesAsync(folder["link.pcap"], whole, TestContext.Current.CancellationToken);

        var json = (await CommandRun.Of("analyze", folder["link.pcap"], "-o", "json")).Json;

        json.GetProperty("matrix").EnumerateArray().Select(row => row.GetProperty("source").GetString()).ShouldContain("169.254.0.1");
        var groups = json.GetProperty("groups").EnumerateArray().Select(group => group.EnumerateArray().Select(member => member.GetString()!).ToArray());
        groups.ShouldHaveSingleItem().ShouldBe(["10.42.0.3", "10.42.0.4"]);
    }

    [Fact]
    public async Task An_address_whose_traffic_stays_on_its_link_is_no_VM_and_its_frames_are_counted()
    {
        using var folder = new TemporaryFolder();
        string[] pairs = ["0.0.0.0>255.255.255.255", "169.254.7.7>10.0.0.1", "10.0.0.1>10.0.0.2", "10.0.0.2>10.0.0.1", "10.0.0.1>224.0.0.22"];
        File.WriteAllBytes(folder["link.pcap"], Raw([.. pairs.SelectMany(pair => Enumerable.Repeat(pair, 400))]));

        var json = (await CommandRun.Of("analyze", folder["link.pcap"], "-o", "json")).Json;
        var table = await CommandRun.Of("analyze", folder["link.pcap"]);

        json.GetProperty("onLink").EnumerateArray().Select(address => address.GetString()).ShouldBe(["0.0.0.0", "169.254.7.7"]);
        json.GetProperty("groups").EnumerateArray().Single().EnumerateArray().Select(address => address.GetString()).ShouldBe(["10.0.0.1", "10.0.0.2"]);
        json.GetProperty("matrix").EnumerateArray().Count().ShouldBe(pairs.Length);
        table.Lines.ShouldContain("taken for no VM, since what they send stays on its link: 0.0.0.0, 169.254.7.7");
    }

    [Fact]
    public async Task The_table_says_how_many_frames_were_counted() =>
        (await CommandRun.Of("analyze", PathOf("ep-a-8"))).Lines.ShouldContain("515 of 515 frames counted");

    [Theory]
    [InlineData("nothing.pcap", null, "there is no such file")]
    [InlineData("text.pcap", "this is no capture at all, but it is long enough to be one", "no capture")]
    [InlineData("empty.pcap", "", "is empty")]
    public async Task What_is_no_capture_is_refused_by_name(string name, string? content, string reason)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
        {
            folder.Write(name, content);
        }

        var run = await CommandRun.Of("analyze", folder[name], "-o", "json");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"fedctl: {folder[name]}: ");
        run.Error.ShouldContain(reason);
    }

    private static async Task<JsonElement> Analyze(string capture, params string[] options)
    {
        var run = await CommandRun.Of(["analyze", PathOf(capture), "-o", "json", .. options]);
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldBeEmpty();
        return run.Json;
    }

    // A capture of bare IPv4 packets, written by hand.
    private static byte[] Raw(string[] pairs)
    {
        using var file = new MemoryStream();
        using var to = new BinaryWriter(file);
        foreach (var word in (uint[])[0xA1B2C3D4, 0x00040002, 0, 0, 65535, 101])
        {
            to.Write(word);
        }

        foreach (var pair in pairs)
        {
            byte[][] ends = [.. pair.Split('>').Select(address => IPAddress.Parse(address).GetAddressBytes())];
            foreach (var word in (uint[])[1_795_456_000, 0, 20, 20])
            {
                to.Write(word);
            }

            to.Write([0x45, 0, 0, 20, 0, 1, 0, 0, 64, 17, 0, 0, .. ends[0], .. ends[1]]);
        }

        return file.ToArray();
    }

    private static string PathOf(string capture) => Path.Combine(Captures, $"{capture}.pcap.gz");

    private static IEnumerable<string> Keys(JsonElement document) => document.EnumerateObject().Select(member => member.Name);

    private static async Task<byte[]> Unzipped(string capture)
    {
        await using var file = File.OpenRead(PathOf(capture));
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
