using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>What the site does about its hosts by itself: it misses them, tells whose VMs are lost with them, and empties those that are to be.</summary>
/// <remarks>
/// Its timer interleaves, for those it asks may wait for an answer of this site. So it changes nothing itself: it asks the site to, in a turn of
/// its own. Each step can be repeated; what is to be done stays stored until it is.
/// </remarks>
public sealed partial class SiteGrain
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    private IGrainTimer? hostWatch;

    private ISiteGrain Self => this.AsReference<ISiteGrain>();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.State.Hosts = state.State.Hosts.Awake(clock.GetUtcNow());
        WatchHosts();
        return Task.CompletedTask;
    }

    private void WatchHosts()
    {
        if (hostWatch is null && !state.State.Hosts.IsEmpty)
        {
            hostWatch = this.RegisterGrainTimer(LookAtHosts, new() { DueTime = WatchEvery, Period = WatchEvery, Interleave = true, KeepAlive = true });
        }
    }

    private async Task LookAtHosts(CancellationToken cancel)
    {
        try
        {
            if (!state.State.Hosts.Miss(clock.GetUtcNow(), AgentStatus.LongestSilence).Lost.IsEmpty)
            {
                await Self.MissHosts();
            }

            foreach (var host in state.State.Hosts.All)
            {
                await LookAt(host);
            }

            foreach (var lost in state.State.Losses.Vms)
            {
                await Tell(lost);
            }
        }
        catch (Exception fault)
        {
            // Whatever does not answer now: all of it is stored, and done at a later look.
            LogHostsNotLookedAt(log, fault, Id.Value);
        }
    }

    private async Task LookAt(SiteHost host)
    {
        if (host.State == Domain.Sites.HostState.Fenced && state.State.Ledger.LostWith(host.Name).Any(vm => !state.State.Losses.Has(vm)))
        {
            // One that was on its way when the host was fenced, and has ended there.
            await Self.MissHosts();
        }

        if (host.State == Domain.Sites.HostState.Draining)
        {
            foreach (var vms in state.State.Ledger.LostWith(host.Name).GroupBy(vm => vm.Application))
            {
                await Drain(host.Name, vms.Key, [.. vms]);
            }
        }
    }

    // First nobody owns it any more, then its place is given back, then its application hears of it, which may start it anew.
    private async Task Tell(LostVm lost)
    {
        var grain = GrainFactory.Vm(lost.Vm);
        if (state.State.Ledger.Allocations.GetValueOrDefault(lost.Vm)?.Host == lost.Host)
        {
            if (!state.State.Ledger.LostWith(lost.Host).Contains(lost.Vm))
            {
                // A migration has begun meanwhile: it finds out what is left of the VM.
                return;
            }

            if (await grain.Status() is { At: { } at } status && at.Site == Id && (status.Host is null || status.Host == lost.Host))
            {
                await grain.SetLocation(null, await grain.NextEpoch($"lost with {Id}/{lost.Host} at {lost.At.UtcTicks}"));
                await events.Record("vm.lost", $"{lost.Vm} is lost: {CauseOf(lost)}", lost.Vm.Application, Id);
            }

            await Self.WriteOff(lost.Vm);
        }

        if ((await grain.Status()).At is null)
        {
            await GrainFactory.Placement(lost.Vm.Application).VmsLost([lost.Vm.Vm]);
        }

        await Self.NoteHosts([lost.Vm], asked: null);
    }

    private async Task Drain(string host, AppId application, ImmutableArray<VmRef> vms)
    {
        var now = clock.GetUtcNow();
        if (state.State.Losses.Plans.FirstOrDefault(plan => plan.Host == host && plan.Plan.Application == application) is { } known)
        {
            var job = await GrainFactory.Placement(application).Job(known.Plan.Number, TimeSpan.Zero, CancellationToken.None);
            if (job?.Plan is { } made && WasBusy(made))
            {
                await GrainFactory.Plan(known.Plan).Apply();
            }

            if (now - known.AskedAt < AskAgainAfter || IsUnderWay(job))
            {
                return;
            }
        }

        var drain = new HostDrain(Id, host, [.. vms.Select(vm => vm.Vm)]);
        if ((await GrainFactory.Placement(application).Ask(new(null, null, null, null, Drain: drain))).Id is { } plan)
        {
            await Self.NoteHosts([], new(host, plan, now));
        }
    }

    // Not made yet, or not at its end.
    private static bool IsUnderWay(PlanJob? job) => job is { State: PlanJobState.Waiting or PlanJobState.Solving } || job?.Plan is { } made && !made.State.IsEnd();

    // Its application was at something else when the service applied the plan: nobody but the service would do it again.
    private static bool WasBusy(StoredPlan plan) =>
        plan is { State: PlanState.Proposed, Saga.Reason: not null } && plan.Record.LastOrDefault(entry => entry.Event == "apply")?.By == Domain.Access.Caller.Service.Name;

    private string CauseOf(LostVm lost) => lost.Cause switch
    {
        LossCause.Fenced => $"host {Id}/{lost.Host} is fenced",
        LossCause.Rebooted => $"host {Id}/{lost.Host} was switched off and on again",
        _ => $"host {Id}/{lost.Host} is there and runs it no more",
    };

    [LoggerMessage(3103, LogLevel.Warning, "Site {Site} could not look after its hosts: it tries again")]
    private static partial void LogHostsNotLookedAt(ILogger log, Exception fault, string site);
}
