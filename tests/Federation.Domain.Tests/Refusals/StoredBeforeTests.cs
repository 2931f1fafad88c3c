using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Json;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Refusals;

/// <summary>What the version before has stored is read as it was meant: nothing is lost by a new version.</summary>
public sealed class StoredBeforeTests
{
    [Fact]
    public void A_stored_plan_still_says_why_sites_were_out_of_the_question()
    {
        var rejection = Read<SiteRejection>("""{"site":"rennes","reason":"quota: tenant astro has at rennes 16 vCPUs, 20 are needed"}""");
        rejection.Refusal.ToString().ShouldBe("quota: tenant astro has at rennes 16 vCPUs, 20 are needed");
        var again = JsonSerializer.Serialize(rejection, DomainJson.Options);
        again.ShouldNotContain("reason");
        Read<SiteRejection>(again).ShouldBe(rejection);
    }

    [Fact]
    public void A_stored_plan_still_says_what_it_waits_for() =>
        Read<ImmutableArray<Refusal>>("""["vm1 has moved lately"]""").ShouldHaveSingleItem().ShouldBe(Refusal.Told("vm1 has moved lately"));

    [Fact]
    public void A_stored_migration_still_says_why_it_was_taken_back() => Read<MigrationState>(
        """
        {"order":{"id":"astro/cg.1.1.1","vm":"astro/cg.1/vm1","from":{"site":"a","offer":"x"},"to":{"site":"b","offer":"y"},"epoch":2,"durationSeconds":1,
        "downtimeSeconds":0.1},"plan":"astro/cg.1.1","tenant":"astro","coreHours":1,"phase":"rolledBack","startedAt":"2026-11-23T18:00:00+00:00",
        "endedAt":"2026-11-23T18:01:00+00:00","reason":"the link went away","failedIn":"preCopy"}
        """).Refusal.ShouldBe(Refusal.Told("the link went away"));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, DomainJson.Options)!;
}
