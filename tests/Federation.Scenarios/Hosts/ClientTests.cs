using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Federation.Scenarios.Networks;
using Federation.Scenarios.Sensors;
using Federation.Scenarios.Service;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>A machine of a user with an agent of its own, behind a router that translates addresses, on the network of a VM that the service moves.</summary>
public sealed class ClientTests(Xunit.ITestOutputHelper output)
{
    private const string Name = "joined";

    [QemuFact]
    public async Task A_machine_of_a_user_joins_talks_with_a_VM_before_and_after_its_move_and_leaves()
    {
        await using var hosted = await HostedLab.Start(isRouted: true);
        await hosted.Prefer("south");
        await hosted.Service.Send(HttpMethod.Put, $"/v1/applications/{Name}", Application(hosted.Lab));
        await OverlayTests.Plan(hosted, Name);
        var token = (await hosted.Service.Send(HttpMethod.Post, $"/v1/applications/{Name}/network/clients/laptop?addresses=10.91.0.9", "")).GetProperty("token").GetString()!;
        await using var laptop = new Laptop(hosted, token);
        try
        {
            await Waiting.Until(async () => (await Client(hosted)).GetProperty("isThere").GetBoolean());
            // A socket keeps the address from which it sent first.
            await Waiting.Until(() => laptop.Space.Exec("ip", "addr").Contains("10.91.0.9/", StringComparison.Ordinal));
            await using var pings = new OutsidePings(laptop.Space, "10.91.0.5");
            await pings.More(100);
            await pings.UntilAnswered();
            var begun = pings.Sent;
            await hosted.Prefer("north");
            await OverlayTests.Plan(hosted, Name);
            await pings.More(200);
            var (lost, longest) = pings.Gaps(begun, pings.Sent - 20);
            output.WriteLine($"a move to north: {lost} pings of 10 ms from the client without an answer, {longest} in a row");

            // Its agent is killed, and goes on where it was.
            laptop.Restart();
            await pings.More(100);
            laptop.Space.Exec("ip", "-o", "link").ShouldContain(": fb");

            (await hosted.Service.Ask(HttpMethod.Delete, $"/v1/applications/{Name}/network/clients/laptop")).Status.ShouldBe(HttpStatusCode.NoContent);
            await Waiting.Until(() => !laptop.Space.Exec("ip", "-o", "link").Contains(": fb", StringComparison.Ordinal) && !laptop.Space.Exec("ip", "addr").Contains("10.91.0.9", StringComparison.Ordinal));
            await Waiting.Until(() => hosted.Lab.Hosts.All(host => !host.Network.Space.Exec("nft", "list", "ruleset").Contains("0xa5b0009", StringComparison.Ordinal)
                && !host.Network.Space.Exec("ip", "neigh").Contains("10.91.0.9", StringComparison.Ordinal)));
        }
        finally
        {
            output.WriteLine(laptop.Log);
        }
    }

    private static async Task<JsonElement> Client(HostedLab hosted) => (await hosted.Service.Send(HttpMethod.Get, $"/v1/applications/{Name}/network")).GetProperty("clients")[0];

    private static string Application(HostLab lab) => $$"""
        {{lab.Heading(Name)}}
        vms:
          - vm: vm1
            addresses: [10.91.0.5]
            vcpus: 1
            memory: 16MiB
            dirtyRate: 100kB/s
            kernel: { image: pages, arguments: hot=16 cold=4 ip=10.91.0.5 }
            nics: [{ addresses: [10.91.0.5] }]
        """;

    /// <summary>The machine, with its router.</summary>
    private sealed class Laptop : IAsyncDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-laptop-");
        private readonly NetworkNamespace router;
        private readonly CuttableLine[] lines;
        private Process process;

        public Laptop(HostedLab hosted, string token)
        {
            var name = hosted.Lab.Hosts[0].Network.Space.Name[..^1];
            (router, Space) = (new($"{name}n"), new($"{name}c"));
            hosted.Lab.Attach(router, 200);
            router.In($"link add i0 type veth peer name u0 netns {Space.Name}");
            router.In("addr add 192.168.7.1/24 dev i0");
            router.In("link set i0 up");
            Space.In("addr add 192.168.7.2/24 dev u0");
            Space.In("link set u0 up");
            Space.In("route add default via 192.168.7.1");
            router.Exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
            router.Exec("nft", "add", "table", "ip", "nat");
            router.Exec("nft", "add", "chain", "ip", "nat", "out", "{ type nat hook postrouting priority srcnat; }");
            router.Exec("nft", "add", "rule", "ip", "nat", "out", "oifname", "up0", "masquerade");
            lines = [.. hosted.Silos.Select(silo => new CuttableLine(Space, silo.Http.BaseAddress!))];
            File.WriteAllText(In("token"), token);
            File.WriteAllText(In("client.yaml"), $$"""
                server: "{{string.Join(", ", lines.Select(line => line.Address))}}"
                tokenFile: {{In("token")}}
                state: {{In("state")}}
                client: {}
                """);
            process = Launch();
        }

        public NetworkNamespace Space { get; }

        public string Log => File.Exists(In("log")) ? File.ReadAllText(In("log")) : "";

        public void Restart()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            process = Launch();
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            foreach (var line in lines)
            {
                await line.DisposeAsync();
            }

            foreach (var line in Space.Exec("ip", "-o", "link").Split('\n').Where(line => line.Contains(": fw", StringComparison.Ordinal)))
            {
                // What carries a device in a process ends with it.
                Space.In($"link del dev {line.Split(' ')[1].TrimEnd(':')}");
            }

            Space.Dispose();
            router.Dispose();
            folder.Delete(recursive: true);
        }

        private string In(string name) => Path.Combine(folder.FullName, name);

        // Through a shell, which replaces itself: the process is the agent.
        private Process Launch() => Process.Start(new ProcessStartInfo("bash",
            ["-c", $"exec ip netns exec {Space.Name} dotnet {Build.This.Fedctl} host run --config {In("client.yaml")} >>{In("log")} 2>&1"]))!;
    }
}
