using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Orleans;

/// <summary>What only a file of one's own can be put through.</summary>
public sealed class SqliteKilledSiloTests
{
    [Fact]
    public async Task A_silo_that_was_killed_comes_up_again_on_its_endpoint()
    {
        var endpoint = TestSilo.FreeEndpoint();
        await using var database = new SqliteTestDatabase();
        SqliteTestDatabase left;
        await using (var killed = await TestSilo.Start(database, endpoint))
        {
            await killed.Grains.GetGrain<INoteGrain>("a").Write("kept");
            left = database.CrashImage();
        }

        await using var image = left;
        image.Scalar<long>("SELECT COUNT(*) FROM orleans_membership WHERE Status = 3").ShouldBe(1);
        await using var again = await TestSilo.Start(image, endpoint);

        (await again.Grains.GetGrain<INoteGrain>("a").Read()).ShouldBe("kept");
        image.Scalar<long>("SELECT COUNT(*) FROM orleans_membership WHERE Status = 3").ShouldBe(1);
        image.Scalar<long>("SELECT COUNT(*) FROM orleans_membership WHERE Status = 6").ShouldBe(1);
    }
}
