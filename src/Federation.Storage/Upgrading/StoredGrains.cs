using System.Data.Common;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Json;

namespace Federation.Storage.Upgrading;

/// <summary>The state of one grain as it is stored.</summary>
/// <param name="Kind">The name of the state: <c>application</c>, <c>vm</c>, ...</param>
/// <param name="Key">The grain's key; empty: the one grain of its kind.</param>
/// <param name="State">The state; null: it was cleared.</param>
internal sealed record StoredGrain(string Kind, string Key, JsonObject? State);

/// <summary>The rows of grains' state, within the transaction of an upgrade.</summary>
internal sealed class StoredGrains(DbTransaction transaction)
{
    private const string Service = "federation";
    private const string OneRow =
        "WHERE ServiceId = @service AND GrainTypeString = @kind AND GrainIdHash = @hash AND GrainIdN0 = 0 AND GrainIdN1 = 0 AND GrainIdExtensionString = @key";

    /// <summary>All grains of a kind, by key.</summary>
    public List<StoredGrain> Of(string kind) => transaction.Query(
        "SELECT GrainIdExtensionString, PayloadBinary FROM orleans_storage WHERE ServiceId = @service AND GrainTypeString = @kind ORDER BY 1",
        row => new StoredGrain(kind, row.GetString(0), row.IsDBNull(1) ? null : Read((byte[])row.GetValue(1))),
        ("@service", Service),
        ("@kind", kind));

    /// <summary>Gives a grain another state, under its key.</summary>
    public void Write(StoredGrain grain, JsonObject state) => Changed(grain, transaction.Execute(
        $"UPDATE orleans_storage SET PayloadBinary = @state {(grain.Key.Length > 0 ? OneRow : "WHERE ServiceId = @service AND GrainTypeString = @kind AND GrainIdExtensionString = @key")}",
        [.. Row(grain.Kind, grain.Key), ("@state", Bytes(state))]));

    /// <summary>Gives a grain another key and another state.</summary>
    /// <exception cref="InvalidDataException">It is filed under another hash than this Orleans computes.</exception>
    public void Move(StoredGrain grain, string key, JsonObject state)
    {
        if (key == grain.Key)
        {
            Write(grain, state);
            return;
        }

        Remove(grain);
        Add(grain.Kind, key, state);
    }

    /// <summary>Adds a grain that was not there.</summary>
    public void Add(string kind, string key, JsonObject state) => transaction.Execute(
        "INSERT INTO orleans_storage (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, Version, PayloadBinary) "
        + "VALUES (@service, @kind, @hash, 0, 0, @key, 1, @state)",
        [.. Row(kind, key), ("@state", Bytes(state))]);

    /// <summary>Takes a grain's row away.</summary>
    /// <exception cref="InvalidDataException">It is filed under another hash than this Orleans computes.</exception>
    public void Remove(StoredGrain grain) =>
        Changed(grain, transaction.Execute($"DELETE FROM orleans_storage {OneRow}", Row(grain.Kind, grain.Key)));

    private static (string, object)[] Row(string kind, string key) =>
        [("@service", Service), ("@kind", kind), ("@key", key), ("@hash", OrleansKeys.OfState(key))];

    private static void Changed(StoredGrain grain, int rows)
    {
        if (rows != 1)
        {
            throw new InvalidDataException($"the state of {grain.Kind} '{grain.Key}' is not filed as Orleans 10 files it");
        }
    }

    private static JsonObject Read(byte[] state) =>
        JsonNode.Parse(state) as JsonObject ?? throw new InvalidDataException($"'{Encoding.UTF8.GetString(state)}' is no grain's state");

    private static byte[] Bytes(JsonObject state) => JsonSerializer.SerializeToUtf8Bytes(state, DomainJson.Options);
}
