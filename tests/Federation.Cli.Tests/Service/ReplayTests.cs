using System.IO.Compression;
using System.Text.Json;
using Federation.Cli.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Service;

public sealed class ReplayTests
{
    private const string Vms = "GET /v1/vms?application=cg";
    private const string Windows = "POST /v1/windows";
    private static readonly string Capture = Path.Combine(AppContext.BaseDirectory, "captures", "cg-a-4.pcap.gz");

    [Fact]
    public async Task A_capture_is_posted_as_if_it_had_just_been_seen()
    {
        await using var service = await RecordedService.Start();
        service.On(Vms, VmsAt("10.42.0.1", "10.42.0.2"))
            .On(Windows, """{"accepted":2,"duplicates":0,"refused":[],"now":"2026-11-23T18:00:10Z"}""");

        var run = await service.Run("sensor", "run", "--replay", Capture, "--app", "cg", "--sensor", "host-1");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Lines.ShouldContain("cg: windows 2026-11-23T17:59:30Z to 2026-11-23T17:59:30Z, as sensor host-1");
        run.Lines.ShouldContain("  accepted  2");
        var batch = JsonSerializer.Deserialize<JsonElement>(service.Requests[1].Body);
        batch.GetProperty("sensor").GetString().ShouldBe("host-1");
        var vm2 = batch.GetProperty("windows").EnumerateArray().Single(window => window.GetProperty("vm").GetString() == "vm2");
        vm2.GetProperty("start").GetString().ShouldBe("2026-11-23T17:59:30Z");
        vm2.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("packets").GetInt64())
            .ShouldContain(1656);
    }

    [Fact]
    public async Task Frames_that_were_not_counted_are_told_with_their_reason()
    {
        using var folder = new TemporaryFolder();
        await using var unpacked = new GZipStream(File.OpenRead(Capture), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        var content = bytes.ToArray();
        const int typeOfFirst = 24 + 16 + 12;
        content[typeOfFirst + 1] = 0x06;
        await File.WriteAllBytesAsync(folder["some-arp.pcap"], content, TestContext.Current.CancellationToken);
        await using var service = await RecordedService.Start();
        service.On(Vms, VmsAt("10.42.0.1", "10.42.0.2"))
            .On(Windows, """{"accepted":2,"duplicates":0,"refused":[],"now":"2026-11-23T18:00:10Z"}""");

        var run = await service.Run("sensor", "run", "--replay", folder["some-arp.pcap"], "--app", "cg");

        run.Error.ShouldContain($"1 of the 8148 frames of {folder["some-arp.pcap"]} were not counted: ARP 1");
    }

    [Fact]
    public async Task What_the_service_refuses_is_told_window_by_window()
    {
        await using var service = await RecordedService.Start();
        service.On(Vms, VmsAt("10.42.0.1", "10.42.0.2")).On(Windows, """
            {"accepted":1,"duplicates":0,"refused":[{"vm":"vm2","start":"2026-11-23T17:59:30Z","reason":"no such VM"}],
             "now":"2026-11-23T18:00:10Z"}
            """);

        var run = await service.Run("sensor", "run", "--replay", Capture, "--app", "cg");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Lines.ShouldContain("  - vm2 2026-11-23T17:59:30Z: no such VM");
    }

    [Theory]
    [InlineData("[]", "the service knows no VM of an application 'cg'")]
    [InlineData("""[{"application":"cg","vm":"vm1","addresses":["192.0.2.1"],"at":null,"epoch":0,"lastWindow":null}]""",
        "no frame is from or to a VM of cg; nothing was posted")]
    public async Task A_capture_of_something_else_is_not_posted(string vms, string reason)
    {
        await using var service = await RecordedService.Start();
        service.On(Vms, vms);

        var run = await service.Run("sensor", "run", "--replay", Capture, "--app", "cg");

        run.ExitCode.ShouldBe(ExitCode.Error);
        run.Error.ShouldContain(reason);
        service.Requests.ShouldNotContain(request => request.Line == Windows);
    }

    private static string VmsAt(params string[] addresses) => "[" + string.Join(',', addresses.Index().Select(vm =>
        $$"""{"application":"cg","vm":"vm{{vm.Index + 1}}","addresses":["{{vm.Item}}"],"at":null,"epoch":0,"lastWindow":null}""")) + "]";
}
