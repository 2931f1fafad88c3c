using System.Collections.Concurrent;
using System.Globalization;

namespace Federation.Scenarios.Hosts;

/// <summary>Whatever is killed at whatever moment of a move, never two copies run, and in the end one does or the VM is said to be lost. tests/nightly-hosts.sh asks for more seeds.</summary>
public sealed class KillRuns
{
    private static int First => Number("FEDERATION_KILL_FIRST", 1);

    private static int Count => Number("FEDERATION_KILL_RUNS", 20);

    // A run waits more than it works.
    private static int Labs => Number("FEDERATION_KILL_LABS", 2);

    [QemuFact]
    public async Task Whatever_is_killed_at_whatever_moment_of_a_move_one_copy_runs_or_the_VM_is_said_to_be_lost()
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(First, int.MaxValue - First).Except(KillLedger.Seeds).Take(Count));
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Labs, Count)).Select(_ => RunIn(seeds)));
    }

    // After one that failed its lab may be in disorder: the others end as well.
    private static async Task RunIn(ConcurrentQueue<int> seeds)
    {
        try
        {
            await using var hosted = await HostedLab.Start();
            while (seeds.TryDequeue(out var seed))
            {
                await new KillRun(hosted, KillCase.Of(seed)).Do();
            }
        }
        catch
        {
            seeds.Clear();
            throw;
        }
    }

    private static int Number(string variable, int usually) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } number ? int.Parse(number, CultureInfo.InvariantCulture) : usually;
}
