using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

public sealed class DoctorTests
{
    [Fact]
    public async Task A_sound_federation_has_no_findings()
    {
        await using var service = await RunningService.Start();
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 2)]);
        (await Look(service, repair: true)).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_orphaned_place_is_told_first_and_given_back_when_it_was_found_again()
    {
        await using var service = await RunningService.Start("--Federation:Reconciler:Settle=00:00:01");
        await service.Apply([.. SampleFiles.TwoClouds]);
        var orphan = new VmRef(AppId.Parse("astro/gone.1"), new("vm1"));
        Federation.Grains.Access.CallOrigin.Current = Federation.Grains.Access.CallOrigin.Service;
        var site = service.Services.GetRequiredService<IGrainFactory>().Site(new("cheap"));
        await site.Repair([new Repair.KeepPlace(orphan, new(new("cheap"), "std"))]);
        var found = (await Look(service, repair: true))[0];
        found.GetProperty("fate").GetString().ShouldBe("waits");
        found.GetProperty("text").GetString()!.ShouldContain("astro/gone/vm1");
        // Repaired by the first look that comes late enough.
        while ((await Look(service, repair: true)).EnumerateArray().Any(line => line.GetProperty("fate").GetString() == "waits"))
        {
            continue;
        }

        (await Look(service, repair: false)).GetArrayLength().ShouldBe(0);
        (await service.Read("/v1/sites/cheap")).GetProperty("holds").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_VM_outside_a_limit_that_was_tightened_is_a_finding_that_nobody_repairs()
    {
        await using var service = await RunningService.Start("--Federation:Reconciler:Settle=00:00:01");
        var (path, text) = SampleFiles.TwoClouds.Single(file => file.Path.Contains("dear", StringComparison.Ordinal));
        var (application, described) = SampleFiles.Application();
        await service.Apply([.. SampleFiles.TwoClouds, (application, described.Replace("vcpus: 2,", "vcpus: 2, at: { site: dear, offer: std },", StringComparison.Ordinal))]);
        await service.Apply((path, text + "quotas: [ { tenant: astro, vms: 1 } ]\n"));
        var found = (await Look(service, repair: true)).EnumerateArray().First();
        found.GetProperty("kind").GetString().ShouldBe("outsideLimit");
        (found.GetProperty("vm").GetString(), found.GetProperty("site").GetString(), found.GetProperty("fate").GetString()).ShouldBe(("vm1", "dear", "needsPerson"));
        found.GetProperty("text").GetString()!.ShouldContain("quota: tenant astro occupies");
        found.GetProperty("remedy").GetString()!.ShouldContain("it stays");
    }

    private static async Task<JsonElement> Look(RunningService service, bool repair)
    {
        using var response = await service.Post($"/v1/doctor?repair={(repair ? "true" : "false")}");
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("findings");
    }
}
