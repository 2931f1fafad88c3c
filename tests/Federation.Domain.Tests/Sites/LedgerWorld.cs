using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;

namespace Federation.Domain.Tests.Sites;

/// <summary>What happens to a site in a random sequence.</summary>
internal enum LedgerAct
{
    Admit,
    Confirm,
    Arrive,
    BeginLeaving,
    CancelLeaving,
    Depart,
    Release,
    ReleaseAll,
    Cancel,
    Expire,
    Describe,
    Request,
    Approve,
    Reject,
    Withdraw,
}

/// <summary>Where the process ends around one step.</summary>
internal enum LedgerCrash
{
    None,

    // Before the new state is stored: nobody is answered, and nothing has happened.
    BeforeStoring,

    // It is stored, the answer is lost: the caller asks again.
    BeforeAnswering,
}

/// <summary>One step, in numbers of the world.</summary>
internal sealed record LedgerStep(LedgerAct Act, int Application, int[] Vms, int Plan, int Kind, int Offer, int Quarters, int Site, LedgerCrash Crash)
{
    public AppId App => LedgerWorld.Apps[Application];

    public PlanId PlanOf => new(App, Plan);

    public MigrationId Migration => new(PlanOf, Vms[0] + 1);

    public ReservationId Reservation => Kind switch
    {
        0 => ReservationId.OfStep(Migration),
        1 => ReservationId.OfStart(PlanOf),
        _ => ReservationId.OfAdoption(App, Plan),
    };

    public VmRef Vm => new(App, LedgerWorld.VmNamed(Vms[0]));

    // A step moves one VM; a start and an adoption bring several.
    public AdmissionRequest[] Requests => [.. (Kind == 0 ? Vms.Take(1) : Vms).Select(vm => new AdmissionRequest(
        Reservation, new(App, LedgerWorld.VmNamed(vm)), LedgerWorld.OfferNamed(Offer), LedgerWorld.Needs(vm), CoreHours: vm + 1))];

    public PlanAtSite Does => new(
        [.. Vms.Select(vm => new ArrivingVm(LedgerWorld.VmNamed(vm), LedgerWorld.OfferNamed(Offer)))], [.. Vms.Select(LedgerWorld.VmNamed)], "it is cheaper");
}

/// <summary>The applications, VMs and descriptions that random sequences are about.</summary>
internal static class LedgerWorld
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(40);
    public static readonly TimeSpan ApprovalLifetime = TimeSpan.FromHours(4);

    public static readonly AppId[] Apps =
        [new(new("astro"), "cg", 1), new(new("astro"), "ft", 1), new(new("bio"), "cg", 1), new(new("eve"), "lu", 2)];

    private static readonly Site Open = Samples.Site("grid", Offer("small", 2, 3), Offer("large", 4, 2)) with
    {
        Capacity = new(20, 60 * Samples.GiB, 6, Headroom: 0.05),
        Quotas = [new("astro", 12, null, 4, 30), new("bio", 8, 40 * Samples.GiB, 3, 24)],
        Policy = new() { Tenants = ["astro", "bio"], Residency = ["eu"], MigrationsIn = 2, MigrationsOut = 1 },
    };

    private static readonly ArrivalWindow Evening = new([], new(18, 0), new(2, 0), TimeZoneInfo.Utc);

    /// <summary>As it is at first, tightened below what may be there, with windows, and with approvals.</summary>
    public static readonly Site[] Sites =
    [
        Open,
        Open with { Capacity = new(8, null, 2), Quotas = [new("*", 6, null, 2, 12)], Offers = [Offer("small", 2, 1)] },
        Open with { Policy = Open.Policy with { Arrivals = [Evening], Departures = [Evening] }, Availability = [new(Samples.Now, Samples.Now.AddHours(9))] },
        Open with { Policy = Open.Policy with { ManualApproval = true, ManualDepartures = true } },
    ];

    public static VmId VmNamed(int vm) => new($"vm{vm}");

    public static string OfferNamed(int offer) => offer switch { 0 => "small", 1 => "large", _ => "none" };

    // The third is larger than any offer, the fourth must not be there.
    public static VmNeeds Needs(int vm) => new(vm == 2 ? 640 : 2, Samples.GiB, vm == 3 ? ["us"] : ["eu"]);

    private static Offer Offer(string name, int vcpus, int available) =>
        new(name, vcpus, vcpus * 4 * Samples.GiB, 1, available, PriceSchedule.Always(1));
}
