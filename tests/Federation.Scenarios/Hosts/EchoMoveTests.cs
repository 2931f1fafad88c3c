using System.Globalization;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>What a VM's peers notice of its move between hosts of different networks, beside QEMU by hand over one bridge. tests/bench/overlay-moves.sh asks for more moves and makes the table.</summary>
public sealed class EchoMoveTests
{
    private static int Moves => Environment.GetEnvironmentVariable("FEDERATION_ECHO_MOVES") is { Length: > 0 } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task A_TCP_connection_to_a_VM_that_moves_between_networks_bears_every_move_and_each_byte_comes_back_once()
    {
        await using var hosted = await HostedLab.Start(isRouted: true);
        var talk = await EchoTalk.Start(hosted);
        using var bare = new BareTalk(hosted.Lab.Hosts.Length, HostedLab.Megabits, hosted.IndexOf(talk.AskerHost), hosted.IndexOf(talk.MoverHost));

        for (var move = 0; move < Moves; move++)
        {
            var (from, before) = (talk.MoverHost, await talk.Asker.Settles());
            await talk.Vms.BeginMove(move % 2 == 0 ? "south" : "north");
            (await talk.Vms.Ends()).ShouldBe("applied");
            var after = await talk.Asker.Settles();
            var way = $"{from},{talk.MoverHost},{talk.AskerHost}";
            talk.MoverHost.ShouldNotBe(from);
            Row("service", way, before, after, talk.Asker, talk.StoodStill);

            before = await bare.Asker.Settles();
            await bare.Move(hosted.IndexOf(talk.MoverHost), Cancel);
            after = await bare.Asker.Settles();
            Row("by hand", way, before, after, bare.Asker, bare.StoodStill);
        }
    }

    private static void Row(string how, string way, AskingGuest.Count before, AskingGuest.Count after, AskingGuest asker, TimeSpan stood)
    {
        var row = string.Create(
            CultureInfo.InvariantCulture, $"{how},{way},{after.Lost - before.Lost},{asker.LongestPause(before, after).TotalMilliseconds:0.0},{stood.TotalMilliseconds:0.0}");
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (Environment.GetEnvironmentVariable("FEDERATION_ECHO_MOVES_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, row + "\n");
        }
    }
}
