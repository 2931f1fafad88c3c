using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Orleans;

public sealed class SqliteRestartTests() : RestartContract(Kind.Sqlite);

public sealed class PostgresRestartTests() : RestartContract(Kind.Postgres);

/// <summary>What is there for the next silo on every database.</summary>
public abstract class RestartContract(Kind kind) : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Empty(kind);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Grain_state_is_there_for_the_next_silo()
    {
        await using (var first = await TestSilo.Start(database))
        {
            await first.Grains.GetGrain<INoteGrain>("a").Write("first");
            await first.Grains.GetGrain<INoteGrain>("a").Write("second");
            await first.Grains.GetGrain<INoteGrain>("b").Write("of b");
            await first.Grains.GetGrain<INoteGrain>("c").Write("cleared");
            await first.Grains.GetGrain<INoteGrain>("c").Clear();
        }

        await using var next = await TestSilo.Start(database);

        (await next.Grains.GetGrain<INoteGrain>("a").Read()).ShouldBe("second");
        (await next.Grains.GetGrain<INoteGrain>("b").Read()).ShouldBe("of b");
        (await next.Grains.GetGrain<INoteGrain>("c").Read()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reminders_are_there_for_the_next_silo_and_tick_on_it()
    {
        await using (var first = await TestSilo.Start(database))
        {
            var grain = first.Grains.GetGrain<INoteGrain>("a");
            await grain.Remind("daily", TimeSpan.FromDays(1));
            await grain.Remind("forgotten", TimeSpan.FromDays(1));
            await grain.Remind("rare", TimeSpan.FromDays(45));
            await grain.Remind("often", TimeSpan.FromMilliseconds(200));
            (await grain.Forget("forgotten")).ShouldBeTrue();
        }

        while (Ticks.Reader.TryRead(out _))
        {
            // Of the first silo.
        }

        await using var next = await TestSilo.Start(database);

        (await Ticks.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBe("often");
        (await next.Grains.GetGrain<INoteGrain>("a").Reminders()).ShouldBe(["daily", "often", "rare"]);
    }

    [Fact]
    public async Task Two_silos_on_one_database_form_one_cluster()
    {
        await using var one = await TestSilo.Start(database);
        await using var two = await TestSilo.Start(database);

        await one.Grains.GetGrain<INoteGrain>("a").Write("from one");

        (await two.Grains.GetGrain<INoteGrain>("a").Read()).ShouldBe("from one");
        database.Scalar<long>("SELECT COUNT(*) FROM orleans_membership WHERE Status = 3").ShouldBe(2);
    }
}
