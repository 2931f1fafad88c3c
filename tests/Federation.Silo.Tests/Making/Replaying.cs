using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Posting;
using Federation.Sensor.Reporting;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Making;

/// <summary>Posts a real capture as the sensor does, so that its last window is the last one that has closed.</summary>
internal static class Replaying
{
    /// <summary>Answers with the last window, for queries: another one may have closed meanwhile.</summary>
    public static async Task<Window> Replay(this RunningService service, string capture, string application)
    {
        var cancel = TestContext.Current.CancellationToken;
        var traffic = CaptureTraffic.Read(PathOf($"{capture}.pcap.gz"), cancel);
        var last = Window.LastClosed(TimeProvider.System.GetUtcNow());
        var reports = Sensor.Reporting.Replay.Reports(traffic, new WindowReporter(await Watched(service, application)), last);
        using var http = new HttpClient();
        var poster = new WindowPoster(http, new WindowPosterOptions { Server = new(service.Address), Token = service.Token }, TimeProvider.System);
        var result = await poster.Post(AppId.Parse(application), new ReportNumbering("host-1", Guid.NewGuid()).Number(reports), cancel);
        result.Failure.ShouldBeNull();
        result.Refused.ShouldBeEmpty();
        return last;
    }

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "captures", file);

    private static async Task<WatchedVm[]> Watched(RunningService service, string application) =>
        [.. (await service.Read($"/v1/vms?application={application}")).EnumerateArray().Select(vm => new WatchedVm(
            new VmId(vm.GetProperty("vm").GetString()!), [.. vm.GetProperty("addresses").EnumerateArray().Select(Parse)]))];

    private static Address Parse(JsonElement address) => Address.Parse(address.GetString()!);
}
