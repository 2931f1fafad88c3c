using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteDeletionTests
{
    private static readonly AppId App = new(new("astro"), "cg", 1);
    private static readonly SiteId Id = new("a");

    private static readonly Gen<Allocation> Place =
        from vm in Gen.Int[1, 30] from state in Gen.Enum<AllocationState>() from minutes in Gen.Int[-5, 5]
        select new Allocation(
            new(App, new($"vm{vm}")), "std", 4, Samples.GiB, ReservationId.OfStart(new(App, 1)), state, Migrates: false, Samples.Now, CoreHours: 0,
            state == AllocationState.Reserved ? Samples.Now.AddMinutes(minutes) : null);

    private static readonly Gen<SiteApproval> Asked =
        from plan in Gen.Int[1, 9] from state in Gen.Enum<ApprovalState>() from minutes in Gen.Int[-5, 5]
        select new SiteApproval(new(App, plan), new([], [], ""), state, Samples.Now, Samples.Now.AddMinutes(minutes));

    [Fact]
    public void A_site_may_go_just_when_no_place_is_held_and_no_plan_waits_or_is_approved_and_the_first_of_these_is_named() =>
        Gen.Select(Place.Array[0, 15], Asked.Array[0, 3], Gen.Double[0, 9]).Sample((places, asked, spent) =>
        {
            var ledger = new SiteLedger
            {
                Allocations = new SiteLedger().Allocations.SetItems(places.Select(place => KeyValuePair.Create(place.Vm, place))),
                SpentCoreHours = new SiteLedger().SpentCoreHours.SetItem("astro", spent),
            };
            var approvals = SiteApprovals.None with { Plans = SiteApprovals.None.Plans.SetItems(asked.Select(one => KeyValuePair.Create(one.Plan, one))) };

            var refusal = SiteDeletion.Against(Id, ledger, approvals, Samples.Now);

            var held = ledger.Allocations.Values.Where(place => place.State != AllocationState.Reserved || place.ExpiresAt > Samples.Now).ToList();
            var open = approvals.Plans.Values.Where(one => one.State is ApprovalState.Requested or ApprovalState.Given && one.ExpiresAt > Samples.Now).ToList();
            refusal?.Code.ShouldBe(
                held.Any(place => place.State is AllocationState.Occupied or AllocationState.Leaving) ? RefusalCode.SiteHasVms
                : held.Count > 0 ? RefusalCode.SiteAwaitsVms
                : RefusalCode.SiteInPlans);
            (refusal is null).ShouldBe(held.Count == 0 && open.Count == 0);
            if (refusal is not null)
            {
                RefusalText.Of(refusal).ShouldContain("'fedctl ");
                RefusalText.Of(refusal).Length.ShouldBeLessThan(1000, "a refusal that lists everybody is read by nobody");
            }

            var left = SiteDeletion.Remembered(ledger);
            left.Allocations.ShouldBeEmpty();
            left.SpentCoreHours.ShouldBe(ledger.SpentCoreHours);
        });
}
