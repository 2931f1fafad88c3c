using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>VMs on their application's network, moved by the service between hosts of different networks.</summary>
public sealed partial class OverlayTests
{
    private const string Name = "talks";

    // What a VM that is asked every 10 ms may lose: its source notices by itself that it stands still, here on a machine that is busy with everything else.
    private const int MayLose = 20;

    [QemuFact]
    public async Task A_VM_that_moves_to_a_host_of_another_network_answers_all_the_time_and_keeps_its_addresses()
    {
        await using var hosted = await HostedLab.Start(isRouted: true);
        await hosted.Prefer("north");
        await hosted.Service.Send(HttpMethod.Put, $"/v1/applications/{Name}", Application(hosted.Lab));
        await Plan(hosted);
        await Waiting.Until(() => hosted.Lab.Watcher.Running.Length == 2);
        await Waiting.Until(() => Asked(hosted) is { Answered: > 100 });
        var before = Asked(hosted)!.Value;

        await hosted.Prefer("south");
        await Plan(hosted);
        await Waiting.Until(() => hosted.Lab.Watcher.Running.Contains(HostLab.Name(3)));
        var moved = Asked(hosted)!.Value;
        await Waiting.Until(() => Asked(hosted) is { } now && now.Answered > moved.Answered + 200);
        var after = Asked(hosted)!.Value;
        var lost = after.Asked - after.Answered - (before.Asked - before.Answered);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lost} pings of {after.Asked - before.Asked} lost"));
        lost.ShouldBeLessThanOrEqualTo(MayLose);

        // Each of its hosts was told of it, and nobody keeps anything of what is gone.
        hosted.Lab.Hosts[2].Network.Space.Exec("ip", "-o", "link").ShouldContain(": fb");
        await Waiting.Until(async () => (await hosted.Service.Ask(HttpMethod.Delete, $"/v1/applications/{Name}")).Status is HttpStatusCode.OK or HttpStatusCode.NoContent);
        await Waiting.Until(() => hosted.Lab.Hosts.All(host => !Devices().IsMatch(host.Network.Space.Exec("ip", "-o", "link"))));
    }

    /// <summary>Has a plan made and applied.</summary>
    internal static async Task Plan(HostedLab hosted, string application = Name)
    {
        string state;
        string plan;
        do
        {
            plan = (await hosted.Service.Send(HttpMethod.Post, $"/v1/applications/{application}/plans", """{ "timeLimitSeconds": 2 }""")).GetProperty("id").GetString()!;
            await hosted.Service.Ask(HttpMethod.Post, $"/v1/plans/{plan}/apply", "{}");
            state = (await hosted.Service.Send(HttpMethod.Get, $"/v1/plans/{plan}")).GetProperty("state").GetString()!;
        }
        while (state is "proposed" or "superseded");
        await Waiting.Until(async () => (state = (await hosted.Service.Send(HttpMethod.Get, $"/v1/plans/{plan}")).GetProperty("state").GetString()!) is not "applying");
        state.ShouldBe("applied");
    }

    // One VM pings the other at each tick of its clock, and tells on its console what came of it.
    private static (long Asked, long Answered)? Asked(HostedLab hosted) => hosted.Lab.Watcher.Copies
        .Select(copy => Path.Combine(Path.GetDirectoryName(copy.Path)!, "console.log")).Where(File.Exists)
        .Select(log => Pings().Matches(Text(log)).LastOrDefault()).Where(match => match is not null)
        .Select(match => ((long, long)?)(Number(match!, 1), Number(match!, 2))).FirstOrDefault();

    private static string Text(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string Application(HostLab lab) => $$"""
        {{lab.Heading(Name)}}
        vms:
          - vm: moves
            addresses: [10.90.0.5]
            vcpus: 1
            memory: 16MiB
            dirtyRate: 100kB/s
            kernel: { image: pages, arguments: hot=16 cold=4 ip=10.90.0.5 }
            nics: [{ addresses: [10.90.0.5] }]
          - vm: asks
            addresses: [10.90.0.6]
            vcpus: 1
            memory: 16MiB
            sites: [north]
            dirtyRate: 100kB/s
            kernel: { image: pages, arguments: hot=16 cold=4 ip=10.90.0.6 ask=10.90.0.5 }
            nics: [{ addresses: [10.90.0.6] }]
        """;

    [GeneratedRegex(@"^PG (\d+) (\d+)\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pings();

    [GeneratedRegex(@": f[bx][0-9a-f]{6}[:@]", RegexOptions.CultureInvariant)]
    private static partial Regex Devices();
}
