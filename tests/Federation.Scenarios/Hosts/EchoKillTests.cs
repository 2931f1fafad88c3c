using System.Globalization;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>What the peers of a VM notice when a part is killed while they talk, and while it moves. tests/bench/overlay-kills.sh asks for all parts and makes the table.</summary>
public sealed class EchoKillTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(5);

    private static bool IsWhole => Environment.GetEnvironmentVariable("FEDERATION_ECHO_KILLS_TABLE") is { Length: > 0 };

    private static int Times => IsWhole && Environment.GetEnvironmentVariable("FEDERATION_ECHO_KILLS") is { Length: > 0 } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task Whatever_of_the_service_is_killed_while_two_VMs_talk_and_one_of_them_moves_their_connection_bears_it()
    {
        await using var hosted = await HostedLab.Start(isRouted: true);
        var talk = await EchoTalk.Start(hosted);
        Part[] parts = IsWhole ? [.. Enum.GetValues<Part>()] : [Part.SourceAgent];
        for (var time = 0; time < Times; time++)
        {
            foreach (var part in parts)
            {
                if (IsWhole)
                {
                    await Case(hosted, talk, part, isMoving: false);
                }

                await Case(hosted, talk, part, isMoving: true);
            }
        }
    }

    private static async Task Case(HostedLab hosted, EchoTalk talk, Part part, bool isMoving)
    {
        var (from, before) = (talk.MoverHost, await talk.Asker.Settles());
        var begun = TimeProvider.System.GetTimestamp();
        var (source, destination) = (hosted.IndexOf(from), hosted.IndexOf(from) == 2 ? hosted.IndexOf(talk.AskerHost) : 2);
        if (isMoving)
        {
            await talk.Vms.BeginMove(hosted.Agents[destination].Site);
            await Waiting.Until(() => hosted.Lab.Watcher.Present.Length > 2 || talk.MoverHost != from);
            destination = hosted.IndexOf(hosted.Lab.Watcher.Present[^1].Host);
        }

        var (kill, mend) = Acts(hosted, part, source, destination);
        await kill();
        await Task.Delay(Away, TimeProvider.System, Cancel);
        await mend();
        var ended = isMoving ? await talk.Vms.Ends() : "-";
        var took = TimeProvider.System.GetElapsedTime(begun);
        var after = await talk.Asker.Settles();

        // Whatever the move came to, one copy runs.
        hosted.Lab.Watcher.Running.Length.ShouldBe(2);
        Row(part, isMoving, ended, after.Lost - before.Lost, talk.Asker.LongestPause(before, after), isMoving && talk.MoverHost != from ? talk.StoodStill : TimeSpan.Zero, took);
    }

    private static (Func<Task> Kill, Func<Task> Mend) Acts(HostedLab hosted, Part part, int source, int destination) => part switch
    {
        Part.SourceAgent => Agent(hosted.Agents[source]),
        Part.DestinationAgent => Agent(hosted.Agents[destination]),
        Part.Silo => (() => Done(hosted.Silos[0].Kill), hosted.Silos[0].Restart),
        Part.OtherSilo => (() => Done(hosted.Silos[1].Kill), hosted.Silos[1].Restart),
        Part.Database => (hosted.Database.Stop, () => hosted.Database.Resume()),
        _ => (() => Task.CompletedTask, () => Task.CompletedTask),
    };

    private static (Func<Task> Kill, Func<Task> Mend) Agent(LabAgent agent) => (() => Done(agent.Kill), () => Done(agent.Start));

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static void Row(Part part, bool isMoving, string ended, long lost, TimeSpan pause, TimeSpan still, TimeSpan took)
    {
        var row = string.Create(
            CultureInfo.InvariantCulture, $"{Text(part)},{(isMoving ? "moves" : "stays")},{ended},{lost},{pause.TotalMilliseconds:0.0},{still.TotalMilliseconds:0.0},{took.TotalSeconds:0.0}");
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (IsWhole)
        {
            File.AppendAllText(Environment.GetEnvironmentVariable("FEDERATION_ECHO_KILLS_TABLE")!, row + "\n");
        }
    }

    private static string Text(Part part) => part switch
    {
        Part.Nothing => "nothing",
        Part.SourceAgent => "agent of the VM's host",
        Part.DestinationAgent => "agent of the other site's host",
        Part.Silo => "silo of the first site",
        Part.OtherSilo => "silo of the second site",
        _ => "database",
    };

    private enum Part
    {
        Nothing,
        SourceAgent,
        DestinationAgent,
        Silo,
        OtherSilo,
        Database,
    }
}
