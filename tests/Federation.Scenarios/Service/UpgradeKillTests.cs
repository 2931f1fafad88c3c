using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>An upgrade that is killed at any of its steps leaves the database of the version before, which is upgraded as if nothing had been.</summary>
public sealed class UpgradeKillTests
{
    private const int Steps = 17;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Kill_9_in_the_middle_of_an_upgrade_leaves_the_database_as_it_was_or_as_it_is_to_be(string kind)
    {
        await using var database = await OldDatabase.Make(kind);
        var (before, old) = (database.Everything(), database.Version());
        foreach (var step in (int[])[1, 11, Steps])
        {
            await Kill(database, step);
            if (database.Version() == old)
            {
                database.Everything().ShouldBe(before, $"killed at step {step}");
            }
        }

        (await database.Upgraded()).ShouldBe(0);

        await using var service = await ServiceProcess.Start(database.Settings);
        using var vms = await service.Http.GetAsync(new Uri("/v1/applications/cg-8", UriKind.Relative), Cancel);
        vms.EnsureSuccessStatusCode();
    }

    // A step is named before it is done.
    private static async Task Kill(OldDatabase database, int step)
    {
        using var upgrade = database.Upgrade();
        for (var line = 0; line < step && await upgrade.StandardOutput.ReadLineAsync(Cancel) is not null; line++)
        {
            continue;
        }

        upgrade.Kill();
        await upgrade.WaitForExitAsync(Cancel);
    }
}
