using System.Globalization;

namespace Federation.Scenarios.Hosts;

/// <summary>Whatever is killed at whatever moment of a move, never two copies run, and in the end one does or the VM is said to be lost. tests/nightly-hosts.sh asks for more seeds.</summary>
public sealed class KillRuns
{
    private static int First => Number("FEDERATION_KILL_FIRST", 1);

    private static int Count => Number("FEDERATION_KILL_RUNS", 6);

    [QemuFact]
    public async Task Whatever_is_killed_at_whatever_moment_of_a_move_one_copy_runs_or_the_VM_is_said_to_be_lost()
    {
        await using var hosted = await HostedLab.Start();
        foreach (var seed in Enumerable.Range(First, Count))
        {
            await new KillRun(hosted, KillCase.Of(seed)).Do();
        }
    }

    private static int Number(string variable, int usually) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } number ? int.Parse(number, CultureInfo.InvariantCulture) : usually;
}
