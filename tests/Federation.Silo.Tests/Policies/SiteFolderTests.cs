using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Federation.Api;
using Federation.Domain.Audit;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Policies;

public sealed class SiteFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("federation-sites-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_are_put_into_force_as_they_change_and_a_faulty_one_leaves_the_last_good_one()
    {
        Write("cheap", 0.1m);
        Write("dear", 0.2m);
        await using var service = await RunningService.Start($"--Federation:Sites:Folder={folder}", "--Federation:Sites:LookSeconds=0.1");
        await service.Happened("site dear joined", "site.created");

        Write("cheap", 0.3m);
        await service.Happened("site cheap changed (revision 2)", "site.changed");

        File.WriteAllText(Path.Combine(folder, "dear.yaml"), "site: dear\nkind: cloudy\n");
        var refused = await Reloaded(service, AuditOutcome.Refused);
        refused.Detail.ShouldContain("what was in force stays");
        refused.Detail.ShouldContain("'cloudy'");
        Price(await service.Read("/v1/sites/dear")).ShouldBe(0.2m);

        Write("dear", 0.4m);
        await service.Happened("site dear changed (revision 2)", "site.changed");
        Price(await service.Read("/v1/sites/dear")).ShouldBe(0.4m);
        (await Reloaded(service, AuditOutcome.Done, "revision 2: offers[std].price", "dear")).Who.ShouldBe($"the files in {folder}");
    }

    [Fact]
    public async Task What_has_changed_does_not_wait_for_a_price_feed_that_does_not_answer()
    {
        using var feed = new TcpListener(IPAddress.Loopback, 0);
        feed.Start();
        var text = SampleFiles.Site("dear", 0.2m).Text.Replace("price: 0.2", $"price: {{ feed: \"http://127.0.0.1:{((IPEndPoint)feed.LocalEndpoint).Port}/prices.csv\", instanceType: std }}", StringComparison.Ordinal);
        text.ShouldContain("prices.csv");
        File.WriteAllText(Path.Combine(folder, "dear.yaml"), text.Replace("  grid: {", "  #", StringComparison.Ordinal));
        Write("cheap", 0.1m);
        await using var service = await RunningService.Start($"--Federation:Sites:Folder={folder}", "--Federation:Sites:LookSeconds=0.1");
        using var asked = await feed.AcceptTcpClientAsync(Cancel);

        await service.Happened("site cheap joined", "site.created");
        Write("cheap", 0.3m);
        await service.Happened("site cheap changed (revision 2)", "site.changed");

        // The feed has been asked and has not been given up yet.
        var health = JsonSerializer.Deserialize<JsonElement>(await service.Stranger.GetStringAsync(new Uri("/health/dependencies", UriKind.Relative), Cancel));
        health.GetProperty("price feeds").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task A_sites_administrator_sees_what_his_file_would_change_and_whom_before_it_does()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2)]);
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        var (_, next) = SampleFiles.Site("cheap", 0.1m, more: "policy: { tenants: [bio] }");

        using var response = await service.Send(service.TokenOf("site-admin"), "POST", "/v1/sites/cheap/diff", next);
        var diff = JsonSerializer.Deserialize<SiteDiffDocument>(await response.Content.ReadAsStringAsync(Cancel), DomainJson.Options)!;

        diff.Changes.ShouldContain(new FieldChangeDocument("policy.tenants", null, "[\"bio\"]"));
        diff.Affected.ShouldBe(
        [
            new("cg", "vm1", "policy: cheap does not admit tenant astro", RefusalCode.PolicyTenant),
            new("cg", "vm2", "policy: cheap does not admit tenant astro", RefusalCode.PolicyTenant),
        ]);
        (await service.Read("/v1/sites/cheap")).GetProperty("revision").GetInt64().ShouldBe(1);

        using var applied = await service.Send(service.TokenOf("site-admin"), "PUT", "/v1/sites/cheap", next);
        applied.IsSuccessStatusCode.ShouldBeTrue();
        using var after = await service.Send(service.TokenOf("site-admin"), "POST", "/v1/sites/cheap/diff", next);
        JsonSerializer.Deserialize<SiteDiffDocument>(await after.Content.ReadAsStringAsync(Cancel), DomainJson.Options)!.Changes.ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string site, decimal price) => File.WriteAllText(
        Path.Combine(folder, $"{site}.yaml"), SampleFiles.Site(site, price).Text.Replace("  grid: {", "  #", StringComparison.Ordinal));

    private static decimal Price(JsonElement site) => site.GetProperty("spec").GetProperty("offers")[0].GetProperty("price").GetDecimal();

    // The log is asked again until it has the entry: it wakes nobody.
    private static async Task<AuditDocument> Reloaded(RunningService service, AuditOutcome outcome, string detail = "", string target = "")
    {
        while (true)
        {
            var entries = (await service.Read("/v1/audit")).Deserialize<AuditDocument[]>(DomainJson.Options)!;
            if (entries.LastOrDefault(entry => entry.Action == "ReloadSite" && entry.Outcome == outcome
                && entry.Detail.Contains(detail, StringComparison.Ordinal) && entry.Target.Contains(target, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
        }
    }
}
