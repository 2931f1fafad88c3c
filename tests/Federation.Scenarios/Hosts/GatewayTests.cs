using System.Net;
using System.Text.Json;
using Federation.Scenarios.Networks;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>A VM that is asked from outside, moved by the service, behind two gateways of which one dies.</summary>
public sealed class GatewayTests(Xunit.ITestOutputHelper output)
{
    private const string Name = "reached";

    [QemuFact]
    public async Task A_VM_is_reached_from_outside_before_and_after_its_moves_and_after_its_gateway_has_died()
    {
        await using var hosted = await HostedLab.Start(isRouted: true, gateways: 2);
        await hosted.Prefer("south");
        await hosted.Service.Send(HttpMethod.Put, $"/v1/applications/{Name}", Application(hosted.Lab));
        await OverlayTests.Plan(hosted, Name);
        await Waiting.Until(async () => (await Network(hosted)).TryGetProperty("gateway", out _));
        var gateway = (await Network(hosted)).GetProperty("gateway");
        var address = gateway.GetProperty("publics")[0].GetProperty("address").GetString()!;
        address.ShouldBe("203.0.113.16");
        (await hosted.Service.Send(HttpMethod.Get, $"/v1/applications/{Name}/vms/vm1")).GetProperty("public").GetString().ShouldBe(address);
        await using var pings = new OutsidePings(hosted.Lab.Outside!.Space, address);
        await pings.More(200);

        foreach (var site in (string[])["north", "south"])
        {
            await pings.UntilAnswered();
            var begun = pings.Sent;
            await hosted.Prefer(site);
            await OverlayTests.Plan(hosted, Name);
            await pings.More(200);
            var (lost, longest) = pings.Gaps(begun, pings.Sent - 20);
            output.WriteLine($"a move to {site}: {lost} pings of 10 ms from outside without an answer, {longest} in a row");
        }

        var active = gateway.GetProperty("active").GetString()!.Split('/')[1];
        await pings.UntilAnswered();
        var died = pings.Sent;
        var host = hosted.IndexOf(active);
        hosted.Agents[host].Kill();
        hosted.Lab.Hosts[host].Network.Space.In("link set o0 down");
        hosted.Lab.Cut(hosted.Lab.Hosts[host]);
        await pings.UntilAnswered();
        output.WriteLine($"the active gateway and its agent killed: {pings.Gaps(died, pings.Sent).Longest} pings of 10 ms without an answer");
        var after = (await Network(hosted)).GetProperty("gateway");
        after.GetProperty("active").GetString().ShouldBe(gateway.GetProperty("standbys")[0].GetString());
        await pings.More(100);

        await Waiting.Until(async () => (await hosted.Service.Ask(HttpMethod.Delete, $"/v1/applications/{Name}")).Status is HttpStatusCode.OK or HttpStatusCode.NoContent);
        var standby = hosted.Lab.Hosts[1 - host];
        await Waiting.Until(() => !standby.Network.Space.Exec("ip", "-o", "link").Contains(": fh", StringComparison.Ordinal));
        standby.Network.Space.Exec("ip", "neigh", "show", "proxy").ShouldNotContain(address);
    }

    private static Task<JsonElement> Network(HostedLab hosted) => hosted.Service.Send(HttpMethod.Get, $"/v1/applications/{Name}/network");

    private static string Application(HostLab lab) => $$"""
        {{lab.Heading(Name)}}
        vms:
          - vm: vm1
            addresses: [10.91.0.5]
            public: north
            vcpus: 1
            memory: 16MiB
            dirtyRate: 100kB/s
            kernel: { image: pages, arguments: hot=16 cold=4 ip=10.91.0.5 }
            nics: [{ addresses: [10.91.0.5] }]
        """;
}
