using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class ReconcilerGrainTests
{
    [Fact]
    public async Task A_database_restored_from_an_older_backup_becomes_true_again()
    {
        await using var cluster = await WithSites();
        await Apply(cluster, "cg", Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b"));
        await Apply(cluster, "old", Samples.Vm("vm1", "a"));
        await Apply(cluster, "again", Samples.Vm("vm1", "a"));
        var restore = cluster.Storage.Backup();

        // After the backup one moves, one ends, one comes, one comes again, one comes and ends.
        var moved = new VmRef(new(new("astro"), "cg", 1), new("vm1"));
        await Move(cluster, moved);
        await cluster.Grains.Application(new(new("astro"), "old")).Delete();
        await Apply(cluster, "new", Samples.Vm("vm1", "b"));
        await cluster.Grains.Application(new(new("astro"), "again")).Delete();
        await Apply(cluster, "again", Samples.Vm("vm1", "b"));
        await Apply(cluster, "short", Samples.Vm("vm1", "b"));
        await cluster.Grains.Application(new(new("astro"), "short")).Delete();
        await cluster.Forget();
        restore();
        (await Apply(cluster, "short", Samples.Vm("vm1", "b"))).Version!.Value.Incarnation.ShouldBe(2, "nobody has looked yet, the life is not given out again all the same");

        var first = await cluster.Grains.Reconciler().Look(repair: true);
        first.Findings.ShouldAllBe(finding => finding.Fate != FindingFate.Repaired);
        var second = await cluster.Grains.Reconciler().Look(repair: true);
        second.Findings.ShouldContain(finding => finding.Fate == FindingFate.Repaired && finding.Finding.Kind == FindingKind.LocationDiffers);
        second.Findings.Where(finding => finding.Fate == FindingFate.NeedsPerson).Select(finding => finding.Finding.Kind)
            .ShouldBe([FindingKind.RunsForNobody, FindingKind.RunsForNobody]);
        var third = await cluster.Grains.Reconciler().Look(repair: true);
        third.Findings.ShouldAllBe(finding => finding.Fate == FindingFate.NeedsPerson);

        await SaysWhatRuns(cluster);
        (await cluster.Grains.Vm(moved).Status()).At.ShouldBe(Samples.At("b"));
        // What the service orders next is newer than anything that hypervisors have seen, and no new life is taken for one that runs.
        var ended = new VmRef(new(new("astro"), "old", 1), new("vm1"));
        (await cluster.Grains.Vm(ended).NextEpoch("again")).ShouldBeGreaterThan((await cluster.Hypervisor.Find(ended, CancellationToken.None)).Epoch);
        (await Apply(cluster, "new", Samples.Vm("vm1", "b"))).Version!.Value.Incarnation.ShouldBe(2);
        var again = new AppId(new("astro"), "again");
        (await cluster.Grains.Application(again).Look()).Skipped.ShouldBe(2, "the doctor has told the application");
        await cluster.Grains.Application(again).Delete();
        (await Apply(cluster, "again", Samples.Vm("vm1", "b"))).Version!.Value.Incarnation.ShouldBe(3);
    }

    [Fact]
    public async Task A_place_that_nobody_will_ever_take_is_given_back_after_two_looks()
    {
        await using var cluster = await WithSites();
        await Apply(cluster, "cg", Samples.Vm("vm1", "a"));
        var orphan = new VmRef(new(new("astro"), "gone", 1), new("vm1"));
        var spare = new VmRef(new(new("astro"), "cg", 1), new("vm9"));
        await cluster.Grains.Site(new("b")).Repair([new Repair.KeepPlace(orphan, Samples.At("b")), new Repair.KeepPlace(spare, Samples.At("b"))]);
        (await cluster.Grains.Reconciler().Look(repair: true)).Findings.Select(finding => finding.Fate).Distinct().ShouldBe([FindingFate.Waits]);
        await cluster.Grains.Reconciler().Look(repair: true);
        await SaysWhatRuns(cluster);
    }

    [Fact]
    public async Task What_is_under_way_is_left_alone()
    {
        await using var cluster = await WithSites();
        await Apply(cluster, "cg", Samples.Vm("vm1"));
        var plan = new PlanId(new(new("astro"), "cg", 1), 1);
        (await cluster.Grains.Application(plan.Application).BeginPlan(plan)).IsFeasible.ShouldBeTrue();
        var vm = new VmRef(plan.Application, new("vm1"));
        await cluster.Grains.Site(new("a")).Repair([new Repair.KeepPlace(vm, Samples.At("a"))]);

        // No plan of that name is under way: what has claimed the application is gone, and only the claim is anybody's business yet.
        (await cluster.Grains.Reconciler().Look(repair: true)).Findings.Select(finding => finding.Finding.Kind).ShouldBe([FindingKind.ClaimOfEndedPlan]);
        (await cluster.Grains.Site(new("a")).Get())!.Ledger.Allocations.Keys.ShouldBe([vm]);
        await cluster.Grains.Reconciler().Look(repair: true);
        (await cluster.Grains.Application(plan.Application).Look()).IsBusy.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_stands_outside_a_limit_that_was_tightened_is_named_and_stays_and_is_told_once()
    {
        await using var cluster = await WithSites();
        await Apply(cluster, "cg", Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "b"));
        (await cluster.Grains.Reconciler().Look(repair: true)).Findings.ShouldBeEmpty();

        var site = (await cluster.Grains.Site(new("a")).Get())!.Site;
        await cluster.Grains.Site(new("a")).Apply(site with { Quotas = [new("astro", 2, null, null, null)] });
        var since = (await cluster.Grains.Reconciler().Look(repair: true)).Findings[0].Since;
        // Closed now, they are outside by another figure at each look: it stays the same finding.
        await cluster.Grains.Site(new("a")).Apply(site with { Availability = [new(Samples.Now.AddYears(9), Samples.Now.AddYears(10))] });
        cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        var found = (await cluster.Grains.Reconciler().Look(repair: true)).Findings;

        found.Select(line => (line.Finding.Kind, line.Finding.Vm, line.Since, line.Fate)).ShouldBe(
            ((string[])["vm1", "vm2"]).Select(vm => (FindingKind.OutsideLimit, (VmId?)new VmId(vm), since, FindingFate.NeedsPerson)));
        FindingText.Of(found[0].Finding).ShouldStartWith("astro/cg/vm1 (incarnation 1) runs at a/std, where it could not come any more: availability: a is not available at ");
        (await cluster.Events.ReadAfter(0, 1000, TestContext.Current.CancellationToken)).Count(entry => entry.Event.Kind.Value == "doctor.found").ShouldBe(2);
        await SaysWhatRuns(cluster);
    }

    private static async Task<Cluster> WithSites()
    {
        var cluster = await Cluster.Start();
        foreach (var site in Samples.View([Samples.Site("a"), Samples.Site("b")]).Sites)
        {
            (await cluster.Grains.Site(site.Id).Apply(site)).Changed.ShouldBeTrue();
        }

        return cluster;
    }

    private static async Task<ApplicationChange> Apply(Cluster cluster, string name, params VmSpec[] vms)
    {
        var application = Samples.View([], vms).Application with { Id = new(new("astro"), name) };
        var change = await cluster.Grains.Application(application.Id).Apply(application);
        change.Refused.ShouldBeEmpty();
        return change;
    }

    private static async Task Move(Cluster cluster, VmRef vm)
    {
        var id = new MigrationId(new(vm.Application, 1), 1);
        var order = new MigrationOrder(
            id, vm, Samples.At("a"), Samples.At("b"), await cluster.Grains.Vm(vm).NextEpoch(id.Key), DurationSeconds: 1, DowntimeSeconds: 0.1);
        var state = await cluster.Grains.Migration(id).Run(new(order, id.Plan, CoreHours: 1, MigrationPhase.Reserve, Samples.Now));
        while (!state.HasEnded)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            state = (await cluster.Grains.Migration(id).Get())!;
        }

        state.Phase.ShouldBe(MigrationPhase.Done);
    }

    private static async Task SaysWhatRuns(Cluster cluster)
    {
        foreach (var site in new SiteId[] { new("a"), new("b") })
        {
            var allocations = (await cluster.Grains.Site(site).Get())!.Ledger.Allocations;
            allocations.Keys.ShouldBe((await cluster.Hypervisor.List(site, TestContext.Current.CancellationToken)).Select(vm => vm.Vm));
            allocations.Values.ShouldAllBe(allocation => allocation.State == AllocationState.Occupied);
        }
    }
}
