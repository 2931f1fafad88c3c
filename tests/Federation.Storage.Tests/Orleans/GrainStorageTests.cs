using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Orleans;

public sealed class SqliteGrainStorageTests() : GrainStorageContract(Kind.Sqlite);

public sealed class PostgresGrainStorageTests() : GrainStorageContract(Kind.Postgres);

/// <summary>What Orleans' grain storage does on every database.</summary>
public abstract class GrainStorageContract(Kind kind) : IAsyncLifetime
{
    private static readonly GrainType NoteType = GrainType.Create("note");
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.Empty(kind);

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_first_writes_at_once_exactly_one_succeeds()
    {
        await using var silo = await TestSilo.Start(database);
        var storage = StorageOf(silo);
        for (var round = 0; round < 25; round++)
        {
            var grain = GrainId.Create("note", $"grain {round}");

            var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => TryWrite(storage, grain, $"{i}"))));

            writes.Count(succeeded => succeeded).ShouldBe(1);
            var stored = await Read(storage, grain);
            stored.ETag.ShouldBe("1");
            stored.State.ShouldNotBeNull().Text.ShouldBe($"{Array.IndexOf(writes, true)}");
        }

        database.Scalar<long>("SELECT COUNT(*) FROM orleans_storage").ShouldBe(25);
    }

    [Theory]
    [InlineData("string key")]
    [InlineData("integer key")]
    [InlineData("integer key with extension")]
    [InlineData("GUID key")]
    public async Task Every_kind_of_key_is_written_once_and_read_back(string kind)
    {
        await using var silo = await TestSilo.Start(database);
        var storage = StorageOf(silo);
        var grain = GrainId.Create(NoteType, kind switch
        {
            "integer key" => GrainIdKeyExtensions.CreateIntegerKey(-7),
            "integer key with extension" => GrainIdKeyExtensions.CreateIntegerKey(0, "kind"),
            "GUID key" => GrainIdKeyExtensions.CreateGuidKey(new Guid(1, 2, 3, new byte[8])),
            _ => IdSpan.Create("kind"),
        });

        (await TryWrite(storage, grain, kind)).ShouldBeTrue();
        (await TryWrite(storage, grain, "again, without reading")).ShouldBeFalse();

        (await Read(storage, grain)).State.ShouldNotBeNull().Text.ShouldBe(kind);
    }

    [Fact]
    public async Task An_integer_key_with_an_extension_and_a_string_key_of_that_text_are_two_grains()
    {
        await using var silo = await TestSilo.Start(database);
        var storage = StorageOf(silo);

        var byInteger = GrainId.Create(NoteType, GrainIdKeyExtensions.CreateIntegerKey(0, "kind"));
        var byString = GrainId.Create(NoteType, IdSpan.Create("kind"));

        (await TryWrite(storage, byInteger, "integer")).ShouldBeTrue();
        (await TryWrite(storage, byString, "string")).ShouldBeTrue();
    }

    // Orleans hands over the state's name and the grain's key, not its class.
    [Fact]
    public async Task Grain_classes_with_the_same_key_must_name_their_states_differently()
    {
        await using var silo = await TestSilo.Start(database);
        var storage = StorageOf(silo);
        var (note, other) = (GrainId.Create("note", "cg"), GrainId.Create("other", "cg"));
        await TryWrite(storage, note, "of the note");

        (await TryWrite(storage, other, "same name")).ShouldBeFalse();
        await storage.WriteStateAsync("other", other, new GrainState<Note>(new Note { Text = "own name" }));

        (await Read(storage, note)).State.ShouldNotBeNull().Text.ShouldBe("of the note");
    }

    [Fact]
    public async Task A_write_of_a_version_that_is_no_longer_stored_is_a_conflict()
    {
        await using var silo = await TestSilo.Start(database);
        var storage = StorageOf(silo);
        var grain = GrainId.Create("note", "a");
        await TryWrite(storage, grain, "first");
        var (one, other) = (await Read(storage, grain), await Read(storage, grain));

        one.State.ShouldNotBeNull().Text = "one";
        await storage.WriteStateAsync("note", grain, one);
        one.ETag.ShouldBe("2");

        other.State.ShouldNotBeNull().Text = "other";
        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", grain, other));
        await Should.ThrowAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", grain, other));
        (await Read(storage, grain)).State.ShouldNotBeNull().Text.ShouldBe("one");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_that_was_cleared_is_gone_and_can_be_written_again(bool deleteStateOnClear)
    {
        await using var silo = await TestSilo.Start(database, deleteStateOnClear);
        var storage = StorageOf(silo);
        var grain = GrainId.Create("note", "a");
        await TryWrite(storage, grain, "first");
        var (state, stale) = (await Read(storage, grain), await Read(storage, grain));

        await storage.ClearStateAsync("note", grain, state);

        (await Read(storage, grain)).RecordExists.ShouldBeFalse();
        database.Scalar<long>("SELECT COUNT(*) FROM orleans_storage").ShouldBe(deleteStateOnClear ? 0 : 1);
        await Should.ThrowAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", grain, stale));

        state.State.ShouldNotBeNull().Text = "second";
        await storage.WriteStateAsync("note", grain, state);
        (await Read(storage, grain)).State.ShouldNotBeNull().Text.ShouldBe("second");
    }

    private static IGrainStorage StorageOf(TestSilo silo) => silo.Services.GetRequiredService<IGrainStorage>();

    private static async Task<bool> TryWrite(IGrainStorage storage, GrainId grain, string text)
    {
        try
        {
            await storage.WriteStateAsync("note", grain, new GrainState<Note>(new Note { Text = text }));
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private static async Task<GrainState<Note>> Read(IGrainStorage storage, GrainId grain)
    {
        var state = new GrainState<Note>();
        await storage.ReadStateAsync("note", grain, state);
        return state;
    }
}
