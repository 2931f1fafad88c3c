using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Flow;

/// <summary>The way back: sites leave the federation, VMs their application.</summary>
public sealed class LeavingTheFederationTests
{
    [Fact]
    public async Task After_a_trial_in_dollars_its_sites_can_be_deleted_and_sites_in_euros_come_in()
    {
        await using var service = await Trial();
        var euros = SampleFiles.Site("rennes", 0.1m);
        euros = (euros.Path, euros.Text.Replace("USD", "EUR", StringComparison.Ordinal));
        using (var early = await service.Put(euros.Path, euros.Text))
        {
            early.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        (await Refusal(service, "/v1/sites/cheap")).ShouldBe(
            "site cheap has VMs and cannot be deleted: astro/cg/vm1, astro/cg/vm2. "
            + "Move them with 'fedctl vm move VM SITE', or end them with 'fedctl vm delete VM' or 'fedctl app delete APP'");
        (await service.Http.DeleteAsync(new Uri("/v1/applications/cg", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Delete(service, "/v1/sites/cheap")).GetProperty("linkedFrom").EnumerateArray().Select(site => site.GetString()).ShouldBe(["dear"]);
        (await service.Read("/v1/sites")).EnumerateArray().Select(site => site.GetProperty("site").GetString()).ShouldBe(["dear"]);
        (await Delete(service, "/v1/sites/dear")).GetProperty("linkedFrom").GetArrayLength().ShouldBe(0);
        (await service.Read("/v1/sites")).GetArrayLength().ShouldBe(0);
        using (var gone = await service.Http.DeleteAsync(new Uri("/v1/sites/dear", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        await service.Apply(euros);
        (await service.Read("/v1/sites/rennes")).GetProperty("spec").GetProperty("currency").GetString().ShouldBe("EUR");
        var audit = (await service.Read("/v1/audit?limit=1000")).EnumerateArray().Where(entry => $"{entry.GetProperty("action")}" == "Site.Delete").ToList();
        audit.Select(entry => $"{entry.GetProperty("outcome")}").ShouldContain("refused");
        audit.Count(entry => $"{entry.GetProperty("outcome")}" == "done").ShouldBeGreaterThanOrEqualTo(2);
        (await service.Read("/v1/events?limit=1000")).EnumerateArray().Count(entry => $"{entry.GetProperty("kind")}" == "site.deleted").ShouldBe(2);
    }

    [Fact]
    public async Task A_VM_leaves_its_application_and_its_place_and_its_quota_are_free()
    {
        await using var service = await Trial(quota: "quotas: [{ tenant: astro, vms: 2 }]");
        var version = (await service.Read("/v1/applications/cg")).GetProperty("version").GetString();
        using var stale = new HttpRequestMessage(HttpMethod.Delete, "/v1/applications/cg/vms/vm1") { Headers = { { "If-Match", "\"1.9\"" } } };
        (await service.Http.SendAsync(stale, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var strange = await service.Http.DeleteAsync(new Uri("/v1/applications/cg/vms/vm9", UriKind.Relative), TestContext.Current.CancellationToken);
        strange.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await Delete(service, "/v1/applications/cg/vms/vm1")).GetProperty("version").GetString().ShouldNotBe(version);

        (await service.Read("/v1/vms")).EnumerateArray().Select(vm => vm.GetProperty("vm").GetString()).ShouldBe(["vm2"]);
        (await service.Read("/v1/sites/cheap")).GetProperty("holds").GetArrayLength().ShouldBe(1);
        (await Refusal(service, "/v1/applications/cg/vms/vm2")).ShouldContain("'fedctl app delete cg'");
        await service.Apply(SampleFiles.Application("other", vms: 1));
        (await service.Plan("other")).GetProperty("placement")[0].GetProperty("site").GetString().ShouldBe("cheap");
    }

    [Fact]
    public async Task The_host_of_a_VM_is_shown_said_and_taken_back()
    {
        await using var service = await Trial();
        (await service.Read("/v1/applications/cg/vms/vm1/host")).GetProperty("host").ValueKind.ShouldBe(JsonValueKind.Null);
        await Say("""{ "host": "h1" }""");
        (await service.Read("/v1/applications/cg/vms/vm1/host")).GetProperty("host").GetString().ShouldBe("h1");
        (await service.Read("/v1/applications/cg/vms/vm1")).GetProperty("host").GetString().ShouldBe("h1");
        await Say("""{ "host": null }""");
        (await service.Read("/v1/applications/cg/vms/vm1/host")).ShouldSatisfyAllConditions(
            vm => vm.GetProperty("host").ValueKind.ShouldBe(JsonValueKind.Null), vm => vm.GetProperty("site").GetString().ShouldBe("cheap"));

        async Task Say(string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await service.Http.PutAsync(new Uri("/v1/applications/cg/vms/vm1/host", UriKind.Relative), content, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    // Two VMs at the cheaper of two clouds.
    private static async Task<RunningService> Trial(string quota = "")
    {
        var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.10m, more: quota), SampleFiles.Site("dear", 0.20m), SampleFiles.Application(vms: 2));
        (await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!)).ShouldBe("plan.applied");
        return service;
    }

    private static async Task<JsonElement> Delete(RunningService service, string path)
    {
        using var answer = await service.Http.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<string> Refusal(RunningService service, string path)
    {
        using var answer = await service.Http.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!;
    }
}
