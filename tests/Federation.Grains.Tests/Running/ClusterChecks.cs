using Federation.Contracts;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;
using Shouldly;

namespace Federation.Grains.Tests.Running;

/// <summary>What has to hold of a cluster in a run.</summary>
internal static class ClusterChecks
{
    /// <summary>Whatever is under way: no site has more than it lets in, and no VM runs twice.</summary>
    public static async Task ShouldBeWithinLimits(this ClusterRun run)
    {
        foreach (var site in ClusterRun.Sites)
        {
            (await run.Cluster.Hypervisor.Inner.List(site, CancellationToken.None)).ShouldAllBe(vm => vm.Instances.Count(copy => copy.State == VmInstanceState.Running) < 2);
            if (await Ledger(run, site) is { } ledger)
            {
                ledger.Allocations.Count.ShouldBeLessThanOrEqualTo(ClusterRun.Available + 2);
                ledger.Allocations.Values.GroupBy(allocation => allocation.Vm.Application).ShouldAllBe(own => own.Count() <= ClusterRun.Available);
            }
        }
    }

    /// <summary>Once it has settled: VMs = places = what hypervisors run, a doctor finds nothing, and sites remember no plan that has ended.</summary>
    public static async Task ShouldAgree(this ClusterRun run)
    {
        await run.Pass(TimeSpan.FromMinutes(10));
        var report = await run.Cluster.Grains.Reconciler().Look(repair: false);
        report.Findings.Where(found => found.Finding.Kind != FindingKind.PlaceExpired).Select(found => FindingText.Of(found.Finding)).ShouldBeEmpty();
        await run.ShouldBeWithinLimits();
        await run.CoreHours.ShouldHold();
        foreach (var site in ClusterRun.Sites)
        {
            // One that has left the federation has nobody and is asked nothing.
            var isThere = await run.Cluster.Grains.Site(site).Get() is not null;
            (await run.Cluster.Grains.Federation().Sites()).Contains(site).ShouldBe(isThere);
            var allocations = (await run.Cluster.Grains.Site(site).Get())?.Ledger.Allocations ?? new SiteLedger().Allocations;
            var runs = await run.Cluster.Hypervisor.Inner.List(site, CancellationToken.None);
            allocations.Keys.ShouldBe(runs.Select(vm => vm.Vm));
            allocations.Values.ShouldAllBe(allocation => allocation.State == AllocationState.Occupied);
            foreach (var vm in runs)
            {
                vm.Instances.ShouldHaveSingleItem();
                (await run.Cluster.Grains.Vm(vm.Vm).Status()).At.ShouldBe(vm.RunsAt);
            }

            foreach (var approval in await run.Cluster.Grains.Site(site).Approvals())
            {
                (await run.Cluster.Grains.Plan(approval.Plan).Get())!.State.IsEnd().ShouldBeFalse($"plan {approval.Plan.Key} has ended, and {site} is asked to approve it");
            }
        }
    }

    // While a silo dies nobody may answer.
    private static async Task<SiteLedger?> Ledger(ClusterRun run, Domain.Identity.SiteId site)
    {
        try
        {
            return (await run.Cluster.Grains.Site(site).Get())?.Ledger;
        }
        catch (Exception fault) when (RunStory.IsOfCrash(fault))
        {
            return null;
        }
    }
}
