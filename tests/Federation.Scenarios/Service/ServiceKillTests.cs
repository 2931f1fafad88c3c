using System.Text.Json;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

public sealed class ServiceKillTests
{
    private const int Kills = 12;

    [Fact]
    public async Task Killed_at_any_moment_and_started_again_the_service_ends_as_if_it_had_not_been()
    {
        await using var service = await ServiceProcess.Start("--Federation:SimulatedTimeScale=0.01");
        var random = new Random(20261125);
        var up = new SemaphoreSlim(1);
        using var done = new CancellationTokenSource();
        var killer = KillNowAndThen(service, random, up, done.Token);
        await new Quickstart(service, () => Wait(up)).Run();
        await done.CancelAsync();
        var kills = await killer;
        TestContext.Current.SendDiagnosticMessage($"killed {kills} times");
        kills.ShouldBeGreaterThan(3);
        await NothingIsLost(service);

        // And once more at rest: what was there is there.
        var before = await Everything(service);
        service.Kill();
        await service.Restart();
        (await Everything(service)).ShouldBe(before);
    }

    // Sometimes in the middle of a step, sometimes while it starts, sometimes while it goes on with what the last kill interrupted.
    private static async Task<int> KillNowAndThen(ServiceProcess service, Random random, SemaphoreSlim up, CancellationToken done)
    {
        for (var kills = 0; kills < Kills; kills++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 900)), TimeProvider.System, CancellationToken.None);
            if (done.IsCancellationRequested)
            {
                return kills;
            }

            await up.WaitAsync(CancellationToken.None);
            service.Kill();
            await service.Restart();
            up.Release();
        }

        return Kills;
    }

    private static async Task Wait(SemaphoreSlim up)
    {
        await up.WaitAsync(TestContext.Current.CancellationToken);
        up.Release();
    }

    private static async Task NothingIsLost(ServiceProcess service)
    {
        var vms = (await Read(service, "/v1/vms?application=cg")).EnumerateArray().ToArray();
        vms.Length.ShouldBe(7);
        vms.ShouldAllBe(vm => vm.GetProperty("at").GetProperty("site").GetString() == "dear");
        var holds = (await Read(service, "/v1/sites/dear")).GetProperty("holds").EnumerateArray().ToArray();
        holds.Length.ShouldBe(7);
        holds.ShouldAllBe(hold => hold.GetProperty("state").GetString() == "occupied");
        (await Read(service, "/v1/sites")).EnumerateArray().Select(site => site.GetProperty("site").GetString()).ShouldBe(["dear"]);
        (await Read(service, "/v1/migrations")).EnumerateArray().Count(migration => migration.GetProperty("phase").GetString() == "done").ShouldBe(9);

        // What the hypervisor has is what the service says: each VM runs once, at its place, and nowhere else.
        var files = Directory.GetFiles(Path.Combine(service.Data, "hypervisor"), "*.json", SearchOption.AllDirectories);
        files.Length.ShouldBe(8);
        JsonDocument.Parse(await File.ReadAllTextAsync(files.Single(IsOfTheOneThatLeft))).RootElement.GetProperty("instances").GetArrayLength().ShouldBe(0);
        foreach (var file in files.Where(file => !IsOfTheOneThatLeft(file)))
        {
            var copy = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("instances").EnumerateArray().ShouldHaveSingleItem();
            copy.ToString().ShouldContain("dear");
            copy.GetProperty("state").GetString().ShouldBe("running");
        }

        var until = Quickstart.Reports.Max(report => report.Report.Window.End).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var traffic = await Read(service, $"/v1/applications/cg/traffic?windows=1&as=detailed&until={until}");
        traffic.GetProperty("matrices")[0].GetProperty("pairs").EnumerateArray().Sum(pair => pair.GetProperty("packets").GetDouble())
            .ShouldBe(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "captures", "cg-a-8.csv")).Skip(1).Select(line => line.Split(','))
                .Where(pair => !pair.AsSpan(0, 2).Contains("10.42.0.8")).Sum(pair => long.Parse(pair[2], null)));
    }

    private static bool IsOfTheOneThatLeft(string file) => Path.GetFileName(file) == "vm8.json";

    private static async Task<string> Everything(ServiceProcess service)
    {
        var parts = new List<string>();
        foreach (var path in (string[])["/v1/sites", "/v1/vms", "/v1/plans", "/v1/migrations", "/v1/events?limit=1000", "/v1/applications/cg/groups"])
        {
            parts.Add((await Read(service, path)).GetRawText());
        }

        return string.Join('\n', parts);
    }

    private static async Task<JsonElement> Read(ServiceProcess service, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await service.Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));
}
