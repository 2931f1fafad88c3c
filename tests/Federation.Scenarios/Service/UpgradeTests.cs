using System.Text.Json;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>What the version before served is served after the upgrade: its answers were recorded when its database was dumped.</summary>
public sealed class UpgradeTests
{
    private static readonly string Before = OldDatabase.Recorded("postgres");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_of_this_version_answers_as_the_one_before_did()
    {
        await using var database = await OldDatabase.Make("postgres");
        (await database.Upgraded()).ShouldBe(0);

        await using var service = await ServiceProcess.Start(database.Settings);

        await Same(service, "vms", "application", "vm", "at", "epoch", "lastWindow", "host");
        await Same(service, "sites", "site", "revision");
        await Same(service, "sensors", "sensor", "site", "host", "createdAt");
        await Same(service, "revocations", "token", "by", "at");
        await Same(service, "plans?application=cg-8", "state", "madeAt", "decision", "bound", "placement");
        await Same(service, "migrations?application=cg-8", "vm", "from", "to", "phase", "epoch", "startedAt", "endedAt");
        await Same(service, "events?limit=1000", "sequence", "at", "kind", "application", "site", "text");
        await Same(service, "audit", "sequence", "who", "action", "hash");
        (await Get(service, "applications/cg-8/groups")).GetProperty("windows").GetArrayLength().ShouldBe(1);
        (await Get(service, "applications/ring")).GetProperty("spec").GetProperty("retention").GetString().ShouldBe("1d");
        (await Get(service, "plans/cg-8.2.4")).GetProperty("decision").GetString().ShouldBe("stay");
    }

    // What was recorded comes first; what the new service has done since follows.
    private static async Task Same(ServiceProcess service, string address, params string[] members)
    {
        var recorded = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Before, address.Split('?')[0] + ".json"), Cancel)).RootElement;
        var now = (await Get(service, address)).EnumerateArray().Take(recorded.GetArrayLength());

        now.Select(entry => Of(entry, members)).ShouldBe(recorded.EnumerateArray().Select(entry => Of(entry, members)), address);
    }

    private static string Of(JsonElement entry, string[] members) =>
        string.Join(' ', members.Select(member => entry.TryGetProperty(member, out var value) ? value.GetRawText() : $"no {member}"));

    private static async Task<JsonElement> Get(ServiceProcess service, string address) =>
        JsonDocument.Parse(await service.Http.GetStringAsync(new Uri($"/v1/{address}", UriKind.Relative), Cancel)).RootElement;
}
