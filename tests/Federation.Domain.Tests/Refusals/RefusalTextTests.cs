using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Refusals;

/// <summary>The sentences, word by word: people know them from pages, documents and events.</summary>
public sealed class RefusalTextTests
{
    private static readonly SiteId Rennes = new("rennes");
    private static readonly SiteId Lyon = new("lyon");
    private static readonly TenantId Astro = new("astro");
    private static readonly VmId Vm1 = new("vm1");
    private static readonly VmRef One = new(new AppId(new("astro"), "cg", 1), Vm1);
    private static readonly Location Std = new(Rennes, "std");

    public static TheoryData<string, string> Sentences
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (refusal, text) in Pairs())
            {
                data.Add(RefusalText.Of(refusal), text);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_sentence_stays_as_it_is(string made, string known) => made.ShouldBe(known);

    private static IEnumerable<(Refusal Refusal, string Text)> Pairs() =>
    [
        (Refusal.PolicyTenant(Rennes, Astro), "policy: site rennes does not admit tenant astro"),
        (Refusal.PolicyTenant(Rennes, Astro).OfOccupant(), "policy: rennes does not admit tenant astro"),
        (Refusal.AllowedSites(Rennes, Vm1, [Lyon, Rennes]), "allowed sites: vm1 may be at lyon, rennes only"),
        (Refusal.ResidencyMissing(Rennes, Vm1, ["eu"]), "residency: site rennes does not offer eu, which vm1 asks for"),
        (Refusal.NeedsMemory(Std, Vm1, 3L << 30, 9L << 29), "needs: vm1 needs 4.5 GiB, rennes/std has 3 GiB"),
        (Refusal.NeedsVcpus(Std, Vm1, 2, 640), "needs: vm1 needs 640 vCPUs, rennes/std has 2"),
        (Refusal.OfferUnknown(Rennes, "std"), "site rennes does not offer std"),
        (Refusal.OfferUnknown(Rennes, "std").OfOccupant(), "offer: rennes sells no std any more"),
        (Refusal.SiteUnavailable(Rennes, Samples.Now), "availability: site rennes is not available at 2026-11-23T12:00Z"),
        (Refusal.AvailabilityTooShort(Rennes, 60, 90.1234), "availability: site rennes is available for 60 s more, 90.123 s are needed"),
        (Refusal.ArrivalWindowClosed(Rennes, Samples.Now), "arrivals: site rennes takes no VM at 2026-11-23T12:00Z"),
        (Refusal.CapacityOfferTaken(Std, One.Application, 4), "capacity: rennes/std has 4 for one application, all taken"),
        (Refusal.CapacityOfferTaken(Std, One.Application, 4, 5), "capacity: rennes/std has 4 for one application, 5 are needed"),
        (Refusal.CapacitySiteMemory(Rennes, 1L << 34, 5L << 32), "capacity: site rennes has 16 GiB for all tenants, 20 GiB are needed"),
        (Refusal.Quota(RefusalCode.QuotaVcpus, Rennes, Astro, 16, 20), "quota: tenant astro has at rennes 16 vCPUs, 20 are needed"),
        (Refusal.Quota(RefusalCode.QuotaVcpus, Rennes, Astro, 16, 20, One), $"quota: tenant astro has 16 vCPUs at rennes, {One} would exceed it"),
        (Refusal.Quota(RefusalCode.QuotaMemory, Rennes, Astro, 1L << 34, 5L << 32), "quota: tenant astro has at rennes 16 GiB, 20 GiB are needed"),
        (Refusal.Quota(RefusalCode.QuotaVms, Rennes, Astro, 1, 2).OfOccupant(), "quota: tenant astro occupies 2 VMs, and may 1"),
        (Refusal.Quota(RefusalCode.QuotaCoreHours, Rennes, Astro, 400, 400.5), "quota: tenant astro has 400 core-hours at rennes, 400.5 are needed"),
        (Refusal.Quota(RefusalCode.QuotaCoreHours, Rennes, Astro, 400, 401, One), $"quota: tenant astro has 400 core-hours at rennes, {One} would exceed it"),
        (Refusal.MoveNotLive(Rennes, Lyon, Vm1, Lyon), "migration: site lyon lets no VM move live, so not vm1 from rennes to lyon: "
            + "write 'coldMoves' in its application's file, and it can be stopped and started anew, or take 'live: false' out of the site's policy"),
        (Refusal.MoveWithoutHosts(Rennes, Lyon, Vm1, Lyon), "migration: site lyon has no hosts, and the other of rennes and lyon has: nothing copies vm1 from one to the other; "
            + "'fedctl host list' shows hosts, and 'sites' of the VM keeps it where it can move"),
        (Refusal.MoveHardware(Rennes, Lyon, Vm1, "the CPU model Zen"), "migration: hosts of rennes and of lyon have not in common the CPU model Zen, so that vm1 cannot move live: "
            + "write 'coldMoves' in its application's file, and it can be stopped and started anew, or leave its 'cpuModel' and 'machine' open"),
        (Refusal.HostTooSmall(Rennes, Vm1, $"{new HostUse(8, 16L << 30, 0)}", $"{new HostUse(4, 8L << 30, 1L << 40)}"),
            "capacity: vm1 takes 8 vCPUs, 16 GiB of memory and 0 GiB of disk of its host, and the largest host of site rennes has 4 vCPUs, 8 GiB of memory and 1024 GiB of disk: "
            + "let it have a smaller offer, or add a larger host ('fedctl host add')"),
        (Refusal.MoveDowntime(Rennes, Lyon, Vm1, 0.5, 1.25), "migration: vm1 would stand still for 1.25 s on its way from rennes to lyon, 0.5 s is the longest: "
            + "raise 'moves.downtime' of its application or of a site, or write what else may happen in 'moves.whenMissed'"),
        (Refusal.ColdDowntime(Rennes, Lyon, Vm1, 30, 50), "migration: vm1 cannot move live from rennes to lyon, and cold it would stand still for 50 s, 30 s is the longest: "
            + "raise 'coldMoves.downtime' of its application"),
        (Refusal.MoveDuration(Rennes, Lyon, Vm1, 60, 61), "migration: vm1 would be on its way from rennes to lyon for 61 s, 60 s is the longest: "
            + "raise 'moves.duration' of its application or of a site, or write what else may happen in 'moves.whenMissed'"),
        (Refusal.RestartNeedsHost(Rennes, Vm1), "offer: vm1 restarts on another host only, and site rennes has no other that takes VMs: add one ('fedctl host add')"),
        (Refusal.ImageMissing(Rennes, Vm1, "debian"), "image: nobody says where debian, from which vm1 starts, is to be had at rennes: "
            + "write 'sources' into the application's file, or the image into the site's"),
        (Refusal.MigrationsInFull(Rennes, 2), "migrations: 2 arrive at rennes already, its policy allows no more at once"),
        (Refusal.MigrationsOutFull(Rennes, 2), "migrations: 2 leave rennes already, its policy allows no more at once"),
        (Refusal.ApprovalMissing("cg-3", [Lyon, Rennes]), "plan cg-3 needs the approval of lyon, rennes"),
        (Refusal.ReservationLost(Rennes, One, "r"), $"reservation: r holds no place for {One} at rennes any more"),
        (Refusal.PlaceHeld(Rennes, One, "r"), $"{One} has a place at rennes already, under r"),
        (Refusal.CurrencyDiffers(Rennes, "USD", "EUR"), "site rennes has prices in USD, the federation's currency is EUR"),
        (Refusal.CoolDown(Vm1, Samples.Now), "cool-down: vm1 has moved lately and stays until 2026-11-23T12:00:00Z"),
        (Refusal.MigrationNeverEnds(Rennes, Lyon, Vm1, 1e8, 2.5e8),
            "migration: vm1 rewrites 250 MB/s, the link from rennes to lyon carries 100 MB/s: a live migration would not end"),
        (Refusal.AffinityCrowded(Rennes, [Vm1, new("vm2")], 1, 2), "affinity: of vm1, vm2 1 may be at one site at most, 2 are at rennes"),
        (Refusal.BudgetPerHour(1.5, 2, Samples.Now), "hourly budget: 1.5 may be spent an hour, the offers cost 2 from 2026-11-23T12:00Z on"),
        (Refusal.QuietHours(Vm1, Samples.Now), "quiet hours: vm1 does not begin to move at 2026-11-23T12:00Z"),
        (Refusal.MovesPerDay(4, 3, 2), "moves a day: 4 VMs may move within 24 hours unasked, with these it would be 5"),
        (Refusal.AdviceHarms(AppId.Parse("astro/cg.3"), "cost", 1, 2.5), "at other sites cg would have a cost of 2.5, where 1 is the most that its owner is asked for"),
        (Refusal.AdviceNowhere(Rennes, [Vm1]), "no other host of rennes and no other site can take vm1"),
        (Refusal.SiteLeftOut(Rennes), "left out: the application leaves out site rennes"),
        (Refusal.AffinityApart([Vm1, new("vm2")], 2, [Rennes]), "affinity: vm1, vm2 have to be spread over 2 sites at least, they are at rennes"),
        (Refusal.Budget(10, 12.5).For(2, 2), "budget: 10, 12.5 are needed (with all 2 VMs there)"),
        (Refusal.Budget(10, 12.5).For(1, 2), "budget: 10, 12.5 are needed (so for 1 of 2 VMs)"),
        (Refusal.GainHasToPersist(1, 3, Samples.Now), "the gain has to persist: seen in 1 of 3 windows, since 2026-11-23T12:00:00Z"),
        (Refusal.NoPlace(Rennes, Refusal.SiteOffline(Rennes)), "no place at rennes: site rennes is offline: no silo of it is in the federation"),
        (Refusal.VmDidNotStart(Vm1, Std, Refusal.Hypervisor("no image"), 1, 3), "vm1 could not start at rennes/std: no image (1 of 3 VMs were started)"),
        (Refusal.QueryPeriod(20160, 0), "a period has from 1 to 20160 windows of 30 s, not 0"),
        (Refusal.QueryCoefficient(double.NaN), "a coefficient is more than 0 and at most 1000000, not NaN"),
        (Refusal.ReportOfNoApplication(AppId.Parse("astro/cg")), "there is no application 'astro/cg'"),
        (Refusal.ReportOfUnknownVm(AppId.Parse("astro/cg.3"), Vm1), "application cg has no VM 'vm1'"),
        (Refusal.ReportFromTheFuture("2026-11-23T12:00:00Z", Samples.Now, 2880),
            "the window from 2026-11-23T12:00:00Z is from the future: at 2026-11-23T12:00:00Z it is more than 2880 windows of 30 s ahead, the most that are kept aside (Federation:WindowsAhead); check the clocks of sensor and service"),
        (Refusal.ReportUnderOtherName("h1", "h2"), "this is the token of sensor h1: it cannot report as 'h2'; "
            + "name it h1 in its file, or make a token with 'fedctl sensor token h2 --site SITE'"),
        (Refusal.ReportOfStranger(AppId.Parse("astro/cg.3"), Vm1, "rennes/h1", "h1", "s1"),
            "vm1 was not on rennes/h1, the host of sensor s1, at any time; if it runs there, say so with 'fedctl vm host cg/vm1 h1', otherwise leave it out of the sensor's file"),
        (Refusal.ReportOfStranger(AppId.Parse("astro/cg.3"), Vm1, "rennes", null, "s1"),
            "vm1 was not on rennes, the host of sensor s1, at any time; if it runs there, say so with 'fedctl vm host cg/vm1 --clear', otherwise leave it out of the sensor's file"),
        (Refusal.ReportFromElsewhere(Vm1, "rennes/h1", "s1", "2026-11-23T12:00:00Z"),
            "vm1 was not on rennes/h1, the host of sensor s1, in the window from 2026-11-23T12:00:00Z"),
    ];
}
