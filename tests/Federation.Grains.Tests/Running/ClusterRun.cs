using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;

namespace Federation.Grains.Tests.Running;

/// <summary>A cluster of two silos over a faulty hypervisor, under a clock of its own, to which acts are done.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    /// <summary>How many VMs of one application a site lets in; of all tenants it lets in two more.</summary>
    public const int Available = 6;

    public static readonly SiteId[] Sites = [new("a"), new("b"), new("c")];
    public static readonly AppId[] Names = [new(new("astro"), "cg"), new(new("bio"), "cg"), new(new("astro"), "mg")];

    private readonly FakeTimeProvider clock;
    private readonly List<Task> underWay = [];

    private ClusterRun(Cluster cluster, FakeTimeProvider clock) => (Cluster, this.clock, CoreHours) = (cluster, clock, new(this));

    public Cluster Cluster { get; }

    public RunStory Story { get; } = new();

    public CoreHourMeter CoreHours { get; }

    /// <summary>The run's own time.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whether anything that was begun has not come to its end.</summary>
    public bool IsUnderWay => underWay.Any(task => !task.IsCompleted);

    public static async Task<ClusterRun> Start()
    {
        var clock = new FakeTimeProvider(Samples.Now);
        return new(await Cluster.StartSilos(2, clock), clock);
    }

    /// <summary>Does the next thing; it may be under way yet when the one after it begins.</summary>
    public async Task Do(ClusterAct act)
    {
        Story.Add($"{Now:dd HH:mm:ss} {JsonSerializer.Serialize(act)}");
        switch (act)
        {
            case ClusterAct.Put(var app, var at):
                Begin($"put {Names[app]}", Put(Names[app], at));
                break;
            case ClusterAct.Delete(var app):
                Begin($"delete {Names[app]}", Text(Cluster.Grains.Application(Names[app]).Delete()));
                break;
            case ClusterAct.Plan(var app, var starts):
                Begin($"plan {Names[app]}", Plan(Names[app], starts));
                break;
            case ClusterAct.Start(var which):
                Begin("start", OnPlan(which, plan => plan.Apply()));
                break;
            case ClusterAct.Cancel(var which):
                Begin("cancel", OnPlan(which, plan => plan.Cancel()));
                break;
            case ClusterAct.Want(var which, var site):
                Begin($"want at {Sites[site]}", OnPlan(which, plan => plan.WantApproval(Sites[site])));
                break;
            case ClusterAct.Decide(var site, var which, var says):
                Begin($"{says} at {Sites[site]}", Decide(Sites[site], which, says));
                break;
            case ClusterAct.Fail(var call, var times, var afterItsWork):
                Cluster.Hypervisor.Fail(call, times, afterItsWork);
                break;
            case ClusterAct.Lose(var state, var afterIt):
                Cluster.Storage.Fail(state, afterIt);
                break;
            case ClusterAct.Doctor(var repairs):
                Begin("doctor", Doctor(repairs));
                break;
            case ClusterAct.Describe describe:
                Begin("describe", Describe(describe));
                break;
            case ClusterAct.Move(var app, var vm, var site, var starts):
                Begin($"move vm{vm} of {Names[app]} to {Sites[site]}", Plan(Names[app], starts, new(new($"vm{vm}"), Sites[site])));
                break;
            case ClusterAct.Remove(var app, var vm):
                Begin($"remove vm{vm} of {Names[app]}", Text(Cluster.Grains.Application(Names[app]).RemoveVm(new($"vm{vm}"))));
                break;
            case ClusterAct.DeleteSite(var site):
                Begin($"delete {Sites[site]}", Delete(Sites[site]));
                break;
            case ClusterAct.Pass(var by):
                await Pass(by);
                break;
            case ClusterAct.Kill(var silo):
                await Kill(silo);
                break;
        }

        if (act.Waits)
        {
            await Ended();
        }
    }

    /// <summary>
    /// Faults are over. Whatever was begun comes to its end by timers and reminders alone; plans that wait for an administrator get what they
    /// wait for, or wait until their patience ends.
    /// </summary>
    public async Task Settle(bool approves)
    {
        Story.Add($"{Now:dd HH:mm:ss} settles, {(approves ? "administrators approve" : "nobody approves")}");
        Cluster.Hypervisor.Mend();
        Cluster.Storage.Mend();
        await Ended();
        for (var look = 0; look < 400; look++)
        {
            var waits = await Waits();
            if (waits is null)
            {
                return;
            }

            if (approves)
            {
                foreach (var (site, which) in Sites.SelectMany(site => Enumerable.Range(0, 4).Select(which => (site, which))))
                {
                    Begin($"Approve at {site}", Decide(site, which, ClusterAct.Word.Approve));
                }
            }

            // Half a minute while the cluster is at work, hours once it only waits for people.
            await Pass(look < 60 ? TimeSpan.FromSeconds(30) : TimeSpan.FromHours(1));
            await Ended();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new ShouldAssertException($"{await Waits()} is under way for ever");
    }

    /// <summary>Time passes: timers and reminders that are due by then come. Hours pass once what was begun has come to its end.</summary>
    public async Task Pass(TimeSpan by)
    {
        if (by >= TimeSpan.FromHours(1))
        {
            await Ended();
        }

        await CoreHours.Pass(by, () => clock.Advance(by));
        foreach (var (what, done) in Cluster.Remind())
        {
            Begin(what, done);
        }
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private async Task<string> Put(AppId named, int?[] at)
    {
        var vms = at.Select((site, vm) => Samples.Vm($"vm{vm + 1}", site is { } there ? Sites[there].Value : null));
        return await Text(Cluster.Grains.Application(named).Apply(Samples.View([], [.. vms]).Application with { Id = named, Remaining = TimeSpan.FromDays(30) }));
    }

    private async Task<string> Plan(AppId named, bool starts, WantedMove? move = null)
    {
        if (await Cluster.Grains.Application(named).Identity() is not { } application
            || await Cluster.Grains.Placement(application).Plan(new(1, "search", 0, 0.05, move), CancellationToken.None) is not { } plan)
        {
            return "no such application, or nothing to move";
        }

        var made = $"plan {plan.Id.Key}, {plan.Plan.Decision} at {string.Join(", ", plan.Touches)}";
        return starts ? $"{made}: {Text(await Cluster.Grains.Plan(plan.Id).Apply())}" : made;
    }

    private async Task<string> Delete(SiteId site)
    {
        var removal = await Cluster.Grains.Site(site).Delete();
        return removal.Removed ? "is gone" : $"stays, or was gone: {removal.Refused}";
    }

    private async Task<string> OnPlan(int which, Func<IPlanGrain, Task<PlanAnswer>> order)
    {
        var open = new List<PlanId>();
        foreach (var named in Names)
        {
            if (await Cluster.Grains.Application(named).Identity() is { } application)
            {
                open.AddRange((await Cluster.Grains.Placement(application).Plans(new())).Where(plan => !plan.State.IsEnd()).Select(plan => plan.Id));
            }
        }

        return open.Count == 0 ? "no plan" : Text(await order(Cluster.Grains.Plan(open[which % open.Count])));
    }

    private async Task<string> Decide(SiteId site, int which, ClusterAct.Word says)
    {
        var asked = (await Cluster.Grains.Site(site).Approvals()).Where(one => one.State != ApprovalState.Rejected && (says != ClusterAct.Word.Approve || one.State != ApprovalState.Given)).ToList();
        if (asked.Count == 0)
        {
            return "nobody asks";
        }

        var plan = asked[which % asked.Count].Plan;
        switch (says)
        {
            case ClusterAct.Word.Approve:
                return $"plan {plan.Key}: {(await Cluster.Grains.Site(site).Approve(plan)).Refusal}";
            case ClusterAct.Word.Reject:
                return $"plan {plan.Key}: {(await Cluster.Grains.Site(site).Reject(plan, "no")).Refusal}";
            default:
                await Cluster.Grains.Site(site).WithdrawApproval(plan);
                return $"plan {plan.Key}";
        }
    }

    private async Task<string> Doctor(bool repairs) => string.Join("; ", (await Cluster.Grains.Reconciler().Look(repairs)).Findings
        .Select(found => $"{FindingText.Of(found.Finding)} ({found.Fate})"));

    private async Task Describe(ClusterAct.Describe describe)
    {
        var std = Samples.Std with { Available = Available };
        var sites = Sites.Zip(describe.Prices, (site, price) => Samples.Site(site.Value, std with { Price = PriceSchedule.Always(price) }) with
        {
            Capacity = new(null, null, Available + 2),
            Policy = new() { ManualApproval = site != Sites[0] && describe.ApprovesArrivals, ManualDepartures = site != Sites[0] && describe.ApprovesDepartures },
        });
        foreach (var site in Samples.View(sites).Sites)
        {
            await Cluster.Grains.Site(site.Id).Apply(site);
        }
    }

    private async Task Kill(int silo)
    {
        await Cluster.KillOrStart(silo);
        foreach (var named in Names)
        {
            Begin($"resume {named}", Resume(named));
        }
    }

    // As the service does when a silo is lost.
    private async Task Resume(AppId named)
    {
        await Cluster.Grains.Application(named).Resume();
        if (await Cluster.Grains.Application(named).Identity() is { } application)
        {
            await Cluster.Grains.Placement(application).Resume();
        }
    }

    // What is under way; null: nothing.
    private async Task<string?> Waits()
    {
        foreach (var named in Names)
        {
            var application = Cluster.Grains.Application(named);
            if ((await application.Look()).IsBusy)
            {
                return $"an operation of {named}";
            }

            if (await application.Identity() is { } life
                && (await Cluster.Grains.Placement(life).Plans(new())).FirstOrDefault(plan => plan.State != PlanState.Proposed && !plan.Saga.IsClosed) is { } open)
            {
                return $"plan {open.Id.Key}, {open.State}, due {string.Join(", ", PlanSagas.Due(open.Saga))}";
            }
        }

        return null;
    }

    private void Begin(string what, Task task) => underWay.Add(Story.Tell(what, task));

    private async Task Ended()
    {
        await Task.WhenAll(underWay);
        underWay.Clear();
    }

    private static async Task<string> Text(Task<ApplicationChange> change)
    {
        var came = await change;
        return $"{came.Version}{(came.IsPending ? ", pending" : "")} {string.Join(", ", came.Refused)}";
    }

    private static string Text(PlanAnswer answer) => $"{answer.Plan?.Id.Key} is {answer.Plan?.State} {answer.Refusal}";
}
