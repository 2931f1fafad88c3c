using Shouldly;
using Xunit;

namespace Federation.Scenarios.Service;

/// <summary>A service that cannot work with its database ends at once, and says in one sentence why and what to do.</summary>
public sealed class RefusedStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_database_of_the_version_before_is_refused_with_the_remedy_and_no_stack(string kind)
    {
        await using var database = await OldDatabase.Make(kind);
        var before = database.Everything();

        var words = await Refused(database);

        words.ShouldHaveSingleItem().ShouldContain("stop every silo, back the database up, run 'fedctl db upgrade', then start the service again");
        database.Everything().ShouldBe(before);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_database_that_a_newer_service_wrote_is_refused_with_the_remedy_and_no_stack(string kind)
    {
        await using var database = await OldDatabase.Make(kind);
        database.Execute("INSERT INTO schema_version VALUES (99, 'later')");

        (await Refused(database)).ShouldHaveSingleItem().ShouldContain("run a service at least as new as the one that wrote it");
    }

    private static async Task<string[]> Refused(OldDatabase database)
    {
        await using var service = ServiceProcess.Launched(database.Settings);
        (await service.Ended()).ShouldBe(1);
        return service.Words;
    }
}
