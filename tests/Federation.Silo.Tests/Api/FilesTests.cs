using System.Net;
using System.Text.Json;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>What the service says of a file besides taking it: whether it changed anything, what it would change, and what is hardly meant.</summary>
public sealed class FilesTests
{
    [Fact]
    public async Task A_file_is_created_then_unchanged_then_configured_and_so_is_what_was_exported()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        var (path, text) = SampleFiles.Application(vms: 2);
        Did(await Put(service, path, text)).ShouldBe("created");
        Did(await Put(service, path, text)).ShouldBe("unchanged");
        Did(await Put(service, path, text.Replace("remaining: 2h", "remaining: 3h", StringComparison.Ordinal))).ShouldBe("configured");
        Did(await Put(service, "/v1/sites/cheap", SampleFiles.TwoClouds[0].Text)).ShouldBe("unchanged");

        // Once its VMs run, the file that is exported says where: that is nothing new, and a file without it neither.
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        var exported = await service.Read(path);
        exported.GetProperty("spec").GetRawText().ShouldContain("\"at\":{\"site\":\"cheap\"");
        var again = await Put(service, path, exported.GetProperty("spec").GetRawText());
        (Did(again), again.GetProperty("version").GetString()).ShouldBe(("unchanged", "1.2"));
        Did(await Put(service, path, text.Replace("remaining: 2h", "remaining: 3h", StringComparison.Ordinal))).ShouldBe("unchanged");
        (await service.Read(path)).TryGetProperty("applied", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_diff_tells_what_would_change_and_what_stands_against_it_and_changes_nothing()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        var (path, text) = SampleFiles.Application(vms: 2);

        var isNew = await Diff(service, path, text);
        isNew.GetProperty("version").ValueKind.ShouldBe(JsonValueKind.Null);
        Keys(isNew).ShouldContain("vms[vm1].vcpus");
        (await service.Get(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await service.Apply((path, text));
        Keys(await Diff(service, path, text)).ShouldBeEmpty();
        Keys(await Diff(service, path, text.Replace("objective: cost", "objective: time", StringComparison.Ordinal))).ShouldBe(["objective"]);

        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        Keys(await Diff(service, path, text)).ShouldBeEmpty();
        Refused(await Diff(service, path, SampleFiles.Application(vms: 1).Text)).ShouldContain("vm2");
        Refused(await Diff(service, path, text.Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: std },", StringComparison.Ordinal))).ShouldContain("cheap");
        Refused(await Diff(service, "/v1/applications/other", SampleFiles.Application("other", vms: 2).Text
            .Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: none },", StringComparison.Ordinal))).ShouldContain("none");
        (await service.Read(path)).GetProperty("version").GetString().ShouldBe("1.1");
    }

    [Fact]
    public async Task What_is_hardly_meant_is_told_with_the_answer_and_the_file_is_taken()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        Warned(await Put(service, "/v1/sites/cheap", SampleFiles.Site("cheap", 0.1m).Text)).ShouldBeEmpty();

        var slow = SampleFiles.Site("cheap", 0.1m).Text.Replace("latency: 0.1ms", "latency: 15s", StringComparison.Ordinal).Replace("dear:", "far:", StringComparison.Ordinal);
        Warned(await Put(service, "/v1/sites/cheap", slow)).ShouldBe(["network.latency", "links"]);
        Warned(await Put(service, "/v1/sites/dear", SampleFiles.Site("dear", 0.2m).Text)).ShouldBe(["links.cheap"]);

        var (path, text) = SampleFiles.Application(vms: 2, more: "deadline: 1h");
        Warned(await Put(service, path, text.Replace("memory: 4GiB", "memory: 64GiB, residency: [mars]", StringComparison.Ordinal))).ShouldBe(["deadline", "vms[0].residency"]);
        Warned(await Put(service, path, text.Replace("memory: 4GiB", "memory: 64GiB", StringComparison.Ordinal))).ShouldBe(["deadline", "vms[0].memory"]);
        Warned(await Diff(service, path, text), "warnings").ShouldBe(["deadline"]);
    }

    [Fact]
    public async Task An_address_of_another_application_of_the_tenant_is_told_and_one_of_another_tenant_only_on_a_network_of_both()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Application("first", vms: 4));
        var (path, text) = SampleFiles.Application("second", vms: 4);
        text = text.Replace("10.42.0.1", "10.42.0.4", StringComparison.Ordinal);

        var warning = (await Put(service, path, text)).GetProperty("applied").GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem();
        (warning.GetProperty("key").GetString(), warning.GetProperty("value").GetString()).ShouldBe(("vms[0].addresses", "10.42.0.4"));
        warning.GetProperty("problem").GetString()!.ShouldContain("application astro/first");
        Warned(await Put(service, "/v1/applications/third", text.Replace("second", "third", StringComparison.Ordinal).Replace("astro", "bio", StringComparison.Ordinal))).ShouldBeEmpty();
        var shared = text.Replace("second", "fourth", StringComparison.Ordinal) + "\nnetwork: lab-7\n";
        Warned(await Put(service, "/v1/applications/fourth", shared)).ShouldBeEmpty("its tenant's others are on another network");
        var fifth = shared.Replace("fourth", "fifth", StringComparison.Ordinal).Replace("astro", "bio", StringComparison.Ordinal);
        var told = (await Put(service, "/v1/applications/fifth", fifth)).GetProperty("applied").GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem().GetRawText();
        told.ShouldContain("an application of another tenant");
        told.ShouldNotContain("astro");
        told.ShouldNotContain("fourth");
        (await service.Http.DeleteAsync(new Uri("/v1/applications/first", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Warned(await Put(service, path, text)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_diff_names_the_running_vms_that_would_stop()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 3)]);
        var (path, fewer) = SampleFiles.Application(vms: 1);
        (await Diff(service, path, fewer)).GetProperty("stops").GetArrayLength().ShouldBe(0, "none of them runs");

        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);

        (await Diff(service, path, fewer)).GetProperty("stops").EnumerateArray().Select(vm => vm.GetString()).ShouldBe(["vm2", "vm3"]);
        (await Diff(service, path, SampleFiles.Application(vms: 4).Text)).GetProperty("stops").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_site_that_would_be_refused_is_told_by_its_diff()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        var (path, text) = SampleFiles.Site("grid", 0m);
        var diff = await Diff(service, path, text.Replace("currency: USD", "currency: EUR", StringComparison.Ordinal));
        diff.GetProperty("refused").GetString()!.ShouldContain("the federation's currency is USD");
        (await Diff(service, path, text)).GetProperty("refused").ValueKind.ShouldBe(JsonValueKind.Null);
        (await service.Read("/v1/sites")).GetArrayLength().ShouldBe(2);
    }

    private static async Task<JsonElement> Put(RunningService service, string path, string text)
    {
        using var response = await service.Put(path, text);
        return await Body(response);
    }

    private static async Task<JsonElement> Diff(RunningService service, string path, string text)
    {
        using var response = await service.Post($"{path}/diff", text);
        return await Body(response);
    }

    private static async Task<JsonElement> Body(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string? Did(JsonElement document) => document.GetProperty("applied").GetProperty("did").GetString();

    private static string?[] Warned(JsonElement document) => Warned(document.GetProperty("applied"), "warnings");

    private static string?[] Warned(JsonElement document, string list) => [.. document.GetProperty(list).EnumerateArray().Select(warning => warning.GetProperty("key").GetString())];

    private static string?[] Keys(JsonElement diff) => [.. diff.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("key").GetString())];

    private static string Refused(JsonElement diff) => string.Join('\n', diff.GetProperty("refused").EnumerateArray().Select(reason => reason.GetString()));
}
