using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Scenarios.Cluster;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>One run: a VM is started, begins to move, something is killed; in the end one copy runs or the VM is said to be lost, and nothing is left over.</summary>
internal sealed class KillRun(HostedLab hosted, KillCase run)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Caller service = hosted.Service;
    private readonly HostedVm vm = new(hosted, string.Create(CultureInfo.InvariantCulture, $"k{run.Seed}"), 1 + (run.Seed % 250), "hot=64 cold=16");
    private readonly KillEvidence evidence = new(hosted, run);
    private HostLab.RealHost source = null!;
    private string hitIn = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Does it all, and adds what came of it to the ledger, a failure too.</summary>
    public async Task Do()
    {
        var (began, begun) = (hosted.Lab.Watcher.Intervals.Length, TimeProvider.System.GetTimestamp());
        var (outcome, settled) = ("failed", TimeSpan.Zero);
        try
        {
            source = await vm.Place();
            await BeginMove();
            await InPhase();
            evidence.Note("it is hit");
            await Hit();
            evidence.Note("all is there again");
            var healed = TimeProvider.System.GetTimestamp();
            var came = await Settles(healed);
            settled = TimeProvider.System.GetElapsedTime(healed);
            hosted.Lab.Watcher.Doubt.ShouldBeNull();
            RunInterval.Overlap(hosted.Lab.Watcher.Intervals).ShouldBeNull($"two copies ran at once: {run}");
            evidence.Note($"it has {came}");
            await CleansUp();
            outcome = came;
        }
        finally
        {
            var pause = RunInterval.LongestPause(hosted.Lab.Watcher.Intervals.Skip(began));
            KillLedger.Add(run, hitIn, outcome, pause, settled, TimeProvider.System.GetElapsedTime(begun));
            if (outcome == "failed" || settled > Long || pause > Long)
            {
                evidence.Keep();
            }
        }
    }

    private static string Text(JsonElement of, string key) => of.TryGetProperty(key, out var value) ? $"{value}" : "";

    private Task BeginMove() => run.Move == MoveKind.WithinSite ? vm.BeginDrain("north", source.Name) : vm.BeginMove("south", isLive: run.Move != MoveKind.Cold);

    // A phase may be over before it was seen: then the next one is hit, and the ledger says so.
    private async Task InPhase()
    {
        var (wanted, begun) = (KillCase.Phases.IndexOf(run.Phase), TimeProvider.System.GetTimestamp());
        while (await Phase() is var now && KillCase.Phases.IndexOf(now) < wanted && now is not ("done" or "rolledBack"))
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Bound, $"{run}: the move is in phase '{now}' yet");
            await Task.Delay(Step, TimeProvider.System, Cancel);
        }

        await Task.Delay(run.After, TimeProvider.System, Cancel);
        hitIn = await Phase();
    }

    private async Task<string> Phase() => await vm.Migration() is { ValueKind: not JsonValueKind.Undefined } migration ? Text(migration, "phase") : "";

    private HostLab.RealHost Destination => hosted.Lab.Hosts.FirstOrDefault(host => host != source && hosted.Lab.Watcher.Present.Any(copy => copy.Host == host.Name))
        ?? hosted.Lab.Hosts[run.Move == MoveKind.WithinSite ? 1 - hosted.IndexOf(source.Name) : 2];

    private async Task Hit()
    {
        var (from, to) = (hosted.Agents[hosted.IndexOf(source.Name)], hosted.Agents[hosted.IndexOf(Destination.Name)]);
        var here = hosted.Silos[from.Site == "north" ? 0 : 1];
        var there = hosted.Silos.Single(silo => silo != here);
        await (run.Victim switch
        {
            Victim.SourceQemu => Now(from.Host.KillQemu),
            Victim.DestinationQemu => Now(to.Host.KillQemu),
            Victim.SourceAgent => Now(() => Again(from, from.Kill)),
            Victim.DestinationAgent => Now(() => Again(to, to.Kill)),
            Victim.SourceAgentUpgrade => Now(() => Again(from, from.Stop)),
            Victim.DestinationAgentUpgrade => Now(() => Again(to, to.Stop)),
            Victim.SourceHost => LosesPower(from),
            Victim.DestinationHost => LosesPower(to),
            Victim.SourceSilo => Again(here, () => Now(here.Kill)),
            Victim.OtherSilo => Again(there, () => Now(there.Kill)),
            Victim.SourceSiloUpgrade => Again(here, here.Stop),
            Victim.OtherSiloUpgrade => Again(there, there.Stop),
            Victim.Database => OutFor(hosted.Database.Stop, () => hosted.Database.Resume()),
            Victim.Link => OutFor(() => Now(() => hosted.Lab.Cut(from.Host)), () => Now(() => hosted.Lab.Heal(from.Host))),
            Victim.SourceLine => OutFor(() => Now(from.Cut), () => Now(from.Mend)),
            Victim.DestinationLine => OutFor(() => Now(to.Cut), () => Now(to.Mend)),
            _ => throw new InvalidOperationException($"{run.Victim}"),
        });
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static void Again(LabAgent agent, Action end)
    {
        end();
        agent.Start();
    }

    private static async Task Again(Service.ServiceProcess silo, Func<Task> end)
    {
        await end();
        await silo.Restart();
    }

    private async Task OutFor(Func<Task> cut, Func<Task> heal)
    {
        await cut();
        await Task.Delay(run.Away, TimeProvider.System, Cancel);
        await heal();
    }

    // It comes back by itself, or a person makes certain that it is off and says so; then it comes back.
    private async Task LosesPower(LabAgent agent)
    {
        agent.Kill();
        agent.Host.KillAll();
        await Task.Delay(run.Away, TimeProvider.System, Cancel);
        if (run.IsFenced)
        {
            // A host that is heard of is not fenced.
            await Waiting.Until(async () => (await hosted.Hosts(agent.Site)).Any(host => Text(host, "host") == agent.Host.Name && Text(host, "state") == "lost"));
            await service.Send(HttpMethod.Post, $"/v1/sites/{agent.Site}/hosts/{agent.Host.Name}/fence", "{}");
        }
        else
        {
            agent.Reboot();
        }
    }

    /// <summary>Waits until the plan has ended and either one copy runs, where the service says that the VM is, or the service says that it is nowhere and no copy is there.</summary>
    private async Task<string> Settles(long healed)
    {
        while (true)
        {
            var (state, said) = (await vm.State(), Text(await vm.Vm(), "host"));
            var running = hosted.Lab.Watcher.Running;
            evidence.Note($"the plan is {state}, the VM at {said}, copies run at [{string.Join(", ", running)}]");
            var isOver = state is "applied" or "failed" or "cancelled";
            if (isOver && running is [var host] && said == host)
            {
                return host == source.Name ? "taken back" : "moved";
            }

            if (isOver && running.IsEmpty && said.Length == 0)
            {
                run.Victim.ShouldBeOneOf(Victim.SourceQemu, Victim.DestinationQemu, Victim.SourceHost, Victim.DestinationHost);
                return "lost";
            }

            var isLate = TimeProvider.System.GetElapsedTime(healed) > Bound;
            isLate.ShouldBeFalse($"{run}: the plan is {state}, the VM at {said}, copies run at [{string.Join(", ", running)}]; {(isLate ? await vm.Migration() : "")}");
            await Task.Delay(Pause, TimeProvider.System, Cancel);
        }
    }

    // Every host is there again; the application goes, and with it all that it had.
    private async Task CleansUp()
    {
        foreach (var agent in hosted.Agents.Where(agent => !agent.Runs))
        {
            agent.Reboot();
        }

        await vm.Delete();
        await Waiting.Until(AllHostsReady);
        var left = ImmutableArray<string>.Empty;
        try
        {
            await Waiting.Until(() => (left = [.. hosted.Lab.Hosts.SelectMany(host => host.Left)]).IsEmpty);
        }
        catch (TimeoutException)
        {
            left.ShouldBeEmpty($"{run}");
        }

        foreach (var site in (string[])["north", "south"])
        {
            (await service.Send(HttpMethod.Get, $"/v1/sites/{site}")).GetProperty("holds").GetArrayLength().ShouldBe(0, $"{run}");
        }
    }

    // Whatever was ordered of them is taken back.
    private async Task<bool> AllHostsReady()
    {
        var isReady = true;
        foreach (var site in (string[])["north", "south"])
        {
            foreach (var host in await hosted.Hosts(site))
            {
                if (Text(host, "state") is "fenced" or "draining" or "cordoned")
                {
                    // Refused as long as the host is not heard of: asked again.
                    await service.Ask(HttpMethod.Post, $"/v1/sites/{site}/hosts/{Text(host, "host")}/uncordon", "{}");
                }

                isReady &= Text(host, "state") == "ready";
            }
        }

        return isReady;
    }
}
