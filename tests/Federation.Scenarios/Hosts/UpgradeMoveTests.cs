using System.Diagnostics;
using Federation.Scenarios.Service;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>An upgrade while a VM moves. tests/nightly-hosts.sh upgrades from the version before; without FEDERATION_OTHER_BUILD both are the same.</summary>
public sealed class UpgradeMoveTests
{
    // The VM's memory takes so long that all is upgraded meanwhile.
    private const string Bandwidth = "12Mbps";

    [QemuFact]
    public async Task Silos_and_agents_are_upgraded_one_after_another_while_a_VM_moves_and_neither_the_VM_nor_its_move_stops()
    {
        await using var hosted = await HostedLab.Start(Build.Other, Bandwidth);
        var moving = new HostedVm(hosted, "upgraded", 1);
        await moving.Place();
        await moving.BeginMove("south");
        await Waiting.Until(async () => await Phase(moving) is "preCopy");
        var migration = (await moving.Migration()).GetProperty("id").GetString();

        var upgrade = Stopwatch.StartNew();
        foreach (var silo in hosted.Silos)
        {
            await silo.Upgrade(Build.This);
        }

        foreach (var agent in hosted.Agents)
        {
            agent.Upgrade(Build.This);
        }

        var hitIn = await Phase(moving);
        (await moving.Ends()).ShouldBe("applied", $"{await moving.Migration()}");
        var ended = upgrade.Elapsed;

        var came = await moving.Migration();
        (came.GetProperty("id").GetString(), came.GetProperty("phase").GetString()).ShouldBe((migration, "done"));
        hosted.Lab.Watcher.Running.ShouldBe(["h3"]);
        hosted.Lab.Watcher.Doubt.ShouldBeNull();
        RunInterval.Overlap(hosted.Lab.Watcher.Intervals).ShouldBeNull();
        // An agent that is being started as the VM comes to its switch keeps it waiting for as long as its start takes, never for all of the upgrade.
        var pause = RunInterval.LongestPause(hosted.Lab.Watcher.Intervals);
        pause.ShouldBeLessThan(ended / 2, $"all was upgraded when the move was in {hitIn}");
        Xunit.TestContext.Current.SendDiagnosticMessage($"all was upgraded in {hitIn}; the VM stood still for {pause.TotalMilliseconds:0} ms of {ended.TotalSeconds:0} s");
    }

    private static async Task<string?> Phase(HostedVm moving) =>
        await moving.Migration() is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } migration ? migration.GetProperty("phase").GetString() : null;
}
