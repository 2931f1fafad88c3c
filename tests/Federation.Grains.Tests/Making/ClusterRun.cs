using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;

namespace Federation.Grains.Tests.Making;

/// <summary>One random run: what is done to a cluster, and whether all that is left agrees.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    private const int Capacity = 6;
    private static readonly SiteId[] Sites = [new("a"), new("b"), new("c")];
    private static readonly AppId[] Names = [new(new("astro"), "cg"), new(new("bio"), "cg"), new(new("astro"), "mg")];

    private static readonly string[] Calls =
    [
        nameof(IHypervisor.Start), nameof(IHypervisor.Stop), nameof(IHypervisor.PreCopy), nameof(IHypervisor.StopAndCopy), nameof(IHypervisor.Redirect),
        nameof(IHypervisor.Activate), nameof(IHypervisor.UpdateNetwork), nameof(IHypervisor.Abort), nameof(IHypervisor.Find),
    ];

    private readonly Cluster cluster;
    private readonly Random random;
    private readonly List<Task> underWay = [];
    private readonly List<string> record = [];
    private decimal price = 1;
    private bool hasCrashed;

    private ClusterRun(Cluster cluster, int seed) => (this.cluster, random) = (cluster, new Random(seed));

    public static async Task<ClusterRun> Start(int seed)
    {
        var run = new ClusterRun(await Cluster.StartSilos(2), seed);
        await run.Describe();
        return run;
    }

    /// <summary>Does the next random thing; it may be under way yet when the one after it begins.</summary>
    public async Task Act()
    {
        var named = Names[random.Next(Names.Length)];
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 3:
                Begin($"put {named}", cluster.Grains.Application(named).Apply(Description(named)));
                break;
            case 4:
                Begin($"delete {named}", cluster.Grains.Application(named).Delete());
                break;
            case 5 or 6 or 7:
                Begin($"plan {named}", Plan(named));
                break;
            case 8:
                var (call, times, after) = (Calls[random.Next(Calls.Length)], random.Next(1, 3), random.Next(2) == 0);
                record.Add($"{call} fails {times} times {(after ? "after" : "before")} its work");
                cluster.Hypervisor.Fail(call, times, after);
                break;
            case 9:
                Begin("doctor", cluster.Grains.Reconciler().Look(repair: true));
                break;
            case 10:
                record.Add("time passes, prices change");
                cluster.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 8)));
                price = random.Next(1, 5);
                Begin("prices", Describe());
                break;
            default:
                await Crash();
                break;
        }

        if (random.Next(3) == 0)
        {
            await Ended(underWay);
        }
    }

    /// <summary>Faults are over, and whatever was begun comes to its end.</summary>
    public async Task Settle()
    {
        cluster.Hypervisor.Mend();
        await Ended(underWay);
        for (var look = 0; look < 600; look++)
        {
            await Resume();
            if (await IsQuiet())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new ShouldAssertException($"something is under way for ever after\n{string.Join('\n', record)}");
    }

    /// <summary>VMs = places = what hypervisors run, within capacity, and every plan has ended.</summary>
    public async Task ShouldAgree()
    {
        var story = string.Join('\n', record);
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        var first = await cluster.Grains.Reconciler().Look(repair: false);
        first.Findings.Where(found => found.Finding.Kind != FindingKind.PlaceExpired).Select(found => FindingText.Of(found.Finding)).ShouldBeEmpty(story);
        foreach (var site in Sites)
        {
            var allocations = (await cluster.Grains.Site(site).Get())!.Ledger.Allocations;
            var runs = await cluster.Hypervisor.Inner.List(site, CancellationToken.None);
            allocations.Keys.ShouldBe(runs.Select(vm => vm.Vm), story);
            allocations.Values.ShouldAllBe(allocation => allocation.State == AllocationState.Occupied, story);
            allocations.Values.GroupBy(allocation => allocation.Vm.Application).ShouldAllBe(own => own.Count() <= Capacity, story);
            foreach (var vm in runs)
            {
                vm.Instances.ShouldHaveSingleItem(story);
                (await cluster.Grains.Vm(vm.Vm).Status()).At.ShouldBe(vm.RunsAt, story);
            }
        }
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private async Task Describe()
    {
        var std = Samples.Std with { Available = Capacity };
        foreach (var site in Samples.View(Sites.Select(site => Samples.Site(site.Value, std with { Price = PriceSchedule.Always(site.Value == "a" ? price : 2) }))).Sites)
        {
            await cluster.Grains.Site(site.Id).Apply(site);
        }
    }

    private Application Description(AppId named) => Samples.View(
        [], [.. Enumerable.Range(1, random.Next(1, 5)).Select(vm => Samples.Vm($"vm{vm}", random.Next(3) == 0 ? Sites[random.Next(Sites.Length)].Value : null))])
        .Application with
    { Id = named };

    private async Task Plan(AppId named)
    {
        if (await cluster.Grains.Application(named).Identity() is not { } application)
        {
            return;
        }

        var placement = cluster.Grains.Placement(application);
        if (await placement.Plan(new(1, "search", 0, 0.05), CancellationToken.None) is { } plan)
        {
            await cluster.Grains.Plan(plan.Id).Apply();
        }
    }

    private async Task Crash()
    {
        if (hasCrashed)
        {
            return;
        }

        hasCrashed = true;
        record.Add("a silo dies");
        await cluster.Kill(random.Next(2));
        await Resume();
    }

    // As the service does when a silo is lost.
    private async Task Resume()
    {
        foreach (var named in Names)
        {
            try
            {
                await cluster.Grains.Application(named).Resume();
                if (await cluster.Grains.Application(named).Identity() is { } application)
                {
                    await cluster.Grains.Placement(application).Resume();
                }
            }
            catch (Exception fault) when (IsOfCrash(fault))
            {
                record.Add($"  {named} does not go on: {fault.GetType().Name}");
            }
        }
    }

    private async Task<bool> IsQuiet()
    {
        foreach (var named in Names)
        {
            var application = cluster.Grains.Application(named);
            if ((await application.Look()).IsBusy
                || (await application.Identity() is { } life && (await cluster.Grains.Placement(life).Plans(new())).Any(plan => plan.State is PlanState.Waiting or PlanState.Applying)))
            {
                return false;
            }
        }

        return true;
    }

    private void Begin(string what, Task task)
    {
        record.Add(what);
        underWay.Add(task);
    }

    private async Task Ended(List<Task> tasks)
    {
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (Exception fault) when (IsOfCrash(fault))
            {
                record.Add($"  broke off: {fault.GetType().Name}");
            }
        }

        tasks.Clear();
    }

    // What a caller sees of a silo that died, or of a hypervisor that failed: it does not know what became of the call.
    private static bool IsOfCrash(Exception fault) =>
        fault is OrleansException or TimeoutException or SiteOfflineException or HypervisorException or ObjectDisposedException or OperationCanceledException;
}
