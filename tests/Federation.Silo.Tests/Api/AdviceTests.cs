using System.Net;
using System.Text.Json;
using Federation.Api;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>A site's administrators see where it is fragmented, and ask owners to let hosts be emptied; nothing moves before these say so.</summary>
public sealed class AdviceTests
{
    private static readonly SiteId Cheap = new("cheap");
    private static readonly VmRef Moved = VmRef.Parse("astro/cg.1/vm1");

    [Fact(Timeout = 120_000)]
    public async Task Two_half_empty_hosts_become_one_once_the_owner_has_applied_what_the_administrators_ask_for()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m, more: "energy: { wattsPerVcpu: 10, wattsPerHost: 90, gramsPerKWh: 50 }"));
        var copies = new StandInCopies();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var hosts = ((string[])["h1", "h2"]).Select(name => new StandInHost(service.Services.GetRequiredService<IGrainFactory>(), new HostPost(Cheap, name), copies)).ToList();
        await Task.WhenAll(hosts.Select(host => host.Report()));
        var running = Task.WhenAll(hosts.Select(host => host.Run(ends.Token)));

        // h1 is full, and then half empty; a host has 4 vCPUs, a VM 2.
        await service.Apply(SampleFiles.Application(vms: 2), SampleFiles.Application("ft", vms: 1, more: "network: ft"));
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        await service.Carry((await service.Plan("ft")).GetProperty("id").GetString()!);
        using (var removed = await service.Http.DeleteAsync(new Uri("/v1/applications/cg/vms/vm2", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            removed.IsSuccessStatusCode.ShouldBeTrue();
        }

        await Until(async () => (await Site(service)).Use!.Vms == 2);
        var figures = (await Site(service)).Figures!;
        figures.Resources[0].ShouldBe(new("vcpus", 8, 4, 4, 2, 0.5));
        figures.Power.ShouldBe(new(2, 0, 180, 0, 40));
        figures.Tenants.ShouldBe([new("astro", 2, 4, 8L << 30, 0.5, "vcpus")]);

        var advice = await Advice(service, post: false);
        (advice.HostsInUse, advice.Bound, advice.IsProven, advice.WattsSaved).ShouldBe((2, 1, true, 90));
        advice.Emptied.ShouldBe(["h1"]);
        var move = advice.Moves.ShouldHaveSingleItem();
        (move.Application, move.Vm, move.From, move.ToHost).ShouldBe(("cg", "vm1", "h1", "h2"));
        (move.Bytes > 4L << 30 && move.Duration > 0 && move.Downtime > 0).ShouldBeTrue();
        advice.Plans.ShouldBeEmpty("nobody asked for any");

        var plan = (await Advice(service, post: true)).Plans.ShouldHaveSingleItem();
        await Until(async () => (await service.Read($"/v1/plans/{plan}/job?wait=5")).GetProperty("state").GetString() == "made");
        var proposed = await service.Read($"/v1/plans/{plan}");
        proposed.GetProperty("state").GetString().ShouldBe("proposed");
        proposed.GetProperty("why")[0].GetString().ShouldBe(
            "the administrators of cheap ask for it, to switch off what is empty of h1: vm1 to h2, which costs nothing. Nobody has to: 'fedctl apply' does it, else all stays as it is");
        copies.RunsOn(Moved).ShouldBe(["h1"], "its owner has not said yes");

        (await service.Carry(plan)).ShouldBe("plan.applied");
        await Until(async () => (await Site(service)).Figures!.Hosts.Single(host => host.Host == "h1").Vms == 0);
        copies.RunsOn(Moved).ShouldBe(["h2"]);
        (await Advice(service, post: false)).Emptied.ShouldBeEmpty();
        await ends.CancelAsync();
        await running;
    }

    private static async Task<SiteDocument> Site(RunningService service) => (await service.Read("/v1/sites/cheap")).Deserialize<SiteDocument>(DomainJson.Options)!;

    private static async Task<SiteAdviceDocument> Advice(RunningService service, bool post)
    {
        using var response = post ? await service.Post("/v1/sites/cheap/advice?within=true", "") : await service.Get("/v1/sites/cheap/advice?within=true");
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<SiteAdviceDocument>(text, DomainJson.Options)!;
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
