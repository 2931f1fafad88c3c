using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Observing;

public sealed partial class ObservingTests
{
    private static readonly string[] Delivered = ["alerts.yml", "grafana-dashboard.json"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_figure_that_the_dashboard_and_the_alerts_name_is_one_that_the_service_tells()
    {
        await using var service = await RunningService.Start("--Federation:Telemetry:Metrics=true");
        await service.Apply(SampleFiles.Application());
        using var sent = await service.Send(Batches.Of("cg", Batches.Posted("vm1", 1, 1)).Json());
        sent.StatusCode.ShouldBe(HttpStatusCode.OK);

        var told = await Metrics(service);
        var named = Delivered.SelectMany(file => Figure().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "observability", file))))
            .Select(match => match.Value).Distinct().ToList();
        named.Count.ShouldBeGreaterThan(5);
        named.ShouldAllBe(name => Regex.IsMatch(told, $@"^{name}[{{ ]", RegexOptions.Multiline));
        // Services of other tests in this process are counted as well.
        told.ShouldMatch("""federation_windows_total\{[^}]*outcome="accepted"[^}]*\} [1-9]""");
    }

    [Fact]
    public async Task Health_is_told_by_dependency_and_a_fault_in_site_files_does_not_take_the_service_away()
    {
        var folder = Directory.CreateTempSubdirectory("federation-sites-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "cheap.yaml"), "site: cheap\n", Cancel);
        await using var service = await RunningService.Start($"--Federation:Sites:Folder={folder}", "--Federation:Sites:LookSeconds=0.1");

        string files;
        do
        {
            files = (await Dependencies(service)).GetProperty("site files").GetString()!;
        }
        while (files != "degraded");

        var health = await Dependencies(service);
        health.GetProperty("cluster").GetString().ShouldBe("healthy");
        health.GetProperty("database").GetString().ShouldBe("healthy");
        health.GetProperty("price feeds").GetString().ShouldBe("healthy");
        using var ready = await service.Stranger.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<JsonElement> Dependencies(RunningService service) =>
        JsonSerializer.Deserialize<JsonElement>(await service.Stranger.GetStringAsync(new Uri("/health/dependencies", UriKind.Relative), Cancel));

    private static async Task<string> Metrics(RunningService service)
    {
        using var response = await service.Send(service.TokenOf("auditor"), "GET", "/metrics");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    [GeneratedRegex(@"\b(federation|http_server|orleans|dotnet)_[a-z_]+\b(?!\.)")]
    private static partial Regex Figure();
}
