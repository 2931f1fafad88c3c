using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteUseTests
{
    private static readonly string[] Applications = ["astro/cg.1", "astro/ft.2", "bio/cg.1", "chem/x.1"];

    private static readonly Gen<Allocation[]> Places =
        from places in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[1, 8], Gen.Int[0, 3], Gen.Int[-30, 30], Gen.Double[0, 20]).Array[0, 12]
        select places.Select(place => new Allocation(
            new(AppId.Parse(Applications[place.Item1]), new($"vm{place.Item2}")), "std", place.Item3, place.Item3 * Samples.GiB,
            ReservationId.OfStart(new(AppId.Parse(Applications[place.Item1]), 1)), (AllocationState)place.Item4, Migrates: false,
            Samples.Now.AddMinutes(place.Item5), place.Item6, place.Item4 == 0 ? Samples.Now.AddMinutes(place.Item5) : null)).ToArray();

    [Fact]
    public void The_sums_of_a_ledger_say_of_every_application_what_the_ledger_itself_says() =>
        Gen.Select(Places, Gen.Bool, Gen.Double[0, 50]).Sample((places, hasCapacity, spent) =>
        {
            var ledger = new SiteLedger
            {
                Allocations = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(places.DistinctBy(place => place.Vm).Select(place => KeyValuePair.Create(place.Vm, place))),
                SpentCoreHours = new SiteLedger().SpentCoreHours.SetItem("astro", spent),
            };
            var site = Samples.Site("rennes") with { Capacity = hasCapacity ? new(100, null, null) : null };
            var use = SiteUse.Of(ledger, Samples.Now);
            foreach (var application in Applications.Select(AppId.Parse))
            {
                var (told, known) = (use.ByOthersThan(site, application), ledger.UsedByOthers(site, application, Samples.Now));
                (told.OfTenant with { CoreHours = 0 }, told.OfAll).ShouldBe((known.OfTenant with { CoreHours = 0 }, known.OfAll));
                told.OfTenant.CoreHours.ShouldBe(known.OfTenant.CoreHours, 1e-9);
            }
        });
}
