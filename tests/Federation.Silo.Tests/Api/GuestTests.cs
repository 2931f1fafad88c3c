using System.Text;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Silo.Tests.Making;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>What a VM starts from reaches the host where it starts and the one where it moves, and its secrets reach nobody else.</summary>
public sealed class GuestTests
{
    private const string Secret = "correct-horse-battery";
    private const string Digest = "ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e";
    private static readonly VmRef Vm = VmRef.Parse("astro/cg.1/vm1");

    [Fact(Timeout = 120_000)]
    public async Task A_VM_moves_as_what_it_was_started_and_its_secret_is_with_its_hosts_only()
    {
        var folder = new ServiceFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "secrets", "astro"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "secrets", "astro", "root"), Secret + "\n", TestContext.Current.CancellationToken);
        using var log = new LogOfAll();
        await using var service = await RunningService.Start(folder, null, log.AddTo, $"--Federation:SecretsFolder={Path.Combine(folder.Path, "secrets")}", "--Logging:LogLevel:Federation=Trace");
        await service.Apply(SampleFiles.Site("cheap", 0.1m, more: $"images: [{{ image: theirs, sha256: {Digest}, sources: [\"file:///srv/debian\"] }}]"));
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var copies = new StandInCopies();
        var hosts = ((string[])["h1", "h2"]).Select(name => new StandInHost(service.Services.GetRequiredService<IGrainFactory>(), new HostPost(new("cheap"), name), copies)).ToList();
        await Task.WhenAll(hosts.Select(host => host.Report()));
        var running = Task.WhenAll(hosts.Select(host => host.Run(ends.Token)));
        await Until(async () => (await service.Read("/v1/sites/cheap/hosts")).GetArrayLength() == 2);

        await service.Apply(Application("root"));
        await service.Carry((await service.Plan("cg")).GetProperty("id").GetString()!);
        var started = hosts[0].Orders.OfType<HostOrder.Start>().ShouldHaveSingleItem().Guest;
        started.UserData.ShouldBe($"#cloud-config\nhostname: vm1\npassword: {Secret}");
        started.Disks.ShouldHaveSingleItem().ShouldSatisfyAllConditions(disk => disk.Name.ShouldBe("root"), disk => disk.Base!.Sources.ShouldBe(["file:///srv/debian", "https://images.example/debian"]));
        started.Nics.ShouldHaveSingleItem().Mac.ShouldBe(DerivedMac.Of(Vm, 0));

        // Another disk from its next start on: what runs moves as it is.
        await service.Apply(Application("other"));
        using var drained = await service.Post("/v1/sites/cheap/hosts/h1/drain");
        await Until(() => Task.FromResult(string.Join(",", copies.RunsOn(Vm)) == "h2" && copies.Keys.All(copy => copy.Host == "h2")));
        var received = hosts[1].Orders.OfType<HostOrder.Receive>().ShouldHaveSingleItem();
        (received.Guest.Disks.ShouldHaveSingleItem().Name, received.Guest.UserData, received.Guest.Nics[0].Mac).ShouldBe(("root", started.UserData, started.Nics[0].Mac));
        received.Terms.ShouldSatisfyAllConditions(terms => terms.IsLive.ShouldBeTrue(), terms => terms.DurationSeconds.ShouldBe(1800));

        await ends.CancelAsync();
        await running;
        foreach (var path in new[] { "/v1/applications/cg", "/v1/events?limit=1000", "/v1/migrations", "/v1/vms", "/v1/audit", "/v1/plans/cg.1.1/view", "/v1/sites/cheap/hosts" })
        {
            (await service.Read(path)).GetRawText().ShouldNotContain(Secret, customMessage: path);
        }

        (await service.Read("/v1/applications/cg")).GetRawText().ShouldContain("${secret:root}");
        log.Text.ShouldNotContain(Secret);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/secrets/", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(stream, Encoding.Latin1);
            (await text.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain(Secret, customMessage: file);
        }
    }

    private static (string Path, string Text) Application(string disk) => ("/v1/applications/cg", $$"""
        application: cg
        tenant: astro
        objective: cost
        remaining: 2h
        images: [{ image: debian, sha256: {{Digest}}, sources: ["https://images.example/debian"] }]
        moves: { duration: 30m }
        vms:
          - vm: vm1
            vcpus: 2
            memory: 4GiB
            addresses: [10.42.0.1]
            disks: [{ disk: {{disk}}, image: debian, size: 20GiB, written: 1GiB }]
            userData: |
              #cloud-config
              hostname: ${vm:name}
              password: ${secret:root}
        """);

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
