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

/// <summary>A host is emptied: its VMs move live to another host of the site, and run in one place at every moment.</summary>
public sealed class DrainTests
{
    private static readonly SiteId Cheap = new("cheap");
    private static readonly VmRef[] Vms = [VmRef.Parse("astro/cg.1/vm1"), VmRef.Parse("astro/cg.1/vm2")];

    [Fact(Timeout = 120_000)]
    public async Task Every_VM_of_a_drained_host_runs_on_the_other_one_in_the_end_and_nothing_is_left_behind()
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.Site("cheap", 0.1m));
        var copies = new StandInCopies();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var hosts = ((string[])["h1", "h2"]).Select(name => new StandInHost(service.Services.GetRequiredService<IGrainFactory>(), new HostPost(Cheap, name), copies)).ToList();
        await Task.WhenAll(hosts.Select(host => host.Report()));
        var running = Task.WhenAll(hosts.Select(host => host.Run(ends.Token)));
        await Until(async () => (await Hosts(service)).Length == 2);

        await service.Apply(SampleFiles.Application(vms: 2));
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        Vms.ShouldAllBe(vm => copies.RunsOn(vm).Single() == "h1", "VMs without wishes are packed");

        using var drained = await service.Post("/v1/sites/cheap/hosts/h1/drain");
        drained.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until(async () => (await Hosts(service)).Single(host => host.Host == "h1").Vms.Length == 0);

        Vms.ShouldAllBe(vm => copies.RunsOn(vm).Single() == "h2");
        copies.Keys.ShouldAllBe(copy => copy.Host == "h2", "the copies at the old host are cleared");
        var after = (await Hosts(service)).Single(host => host.Host == "h2");
        after.Vms.Select(vm => (vm.Vm, vm.State)).ShouldBe([("vm1", "occupied"), ("vm2", "occupied")]);
        await ends.CancelAsync();
        await running;
    }

    private static async Task<HostDocument[]> Hosts(RunningService service) =>
        (await service.Read("/v1/sites/cheap/hosts")).Deserialize<HostDocument[]>(DomainJson.Options)!;

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
