using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Json;

/// <summary>A traffic matrix as its period and rows of pairs, in order.</summary>
internal sealed class TrafficMatrixConverter : JsonConverter<TrafficMatrix>
{
    public override TrafficMatrix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var document = JsonSerializer.Deserialize<Document>(ref reader, options);
        if (document is not { Seconds: > 0 })
        {
            throw new JsonException("a traffic matrix has a period of more than 0 seconds");
        }

        var builder = new TrafficMatrixBuilder();
        foreach (var row in document.Pairs ?? [])
        {
            builder.Add(row.Source, row.Destination, new(row.Packets, row.Bytes));
        }

        foreach (var row in document.SentOutside ?? [])
        {
            builder.AddSentOutside(row.Vm, new(row.Packets, row.Bytes));
        }

        foreach (var row in document.ReceivedOutside ?? [])
        {
            builder.AddReceivedOutside(row.Vm, new(row.Packets, row.Bytes));
        }

        foreach (var row in document.SentToEndpoints ?? [])
        {
            builder.AddSentTo(row.Endpoint, row.Vm, new(row.Packets, row.Bytes));
        }

        foreach (var row in document.ReceivedFromEndpoints ?? [])
        {
            builder.AddReceivedFrom(row.Endpoint, row.Vm, new(row.Packets, row.Bytes));
        }

        return builder.Build(TimeSpan.FromSeconds(document.Seconds));
    }

    public override void Write(Utf8JsonWriter writer, TrafficMatrix value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            new Document(
                value.Period.TotalSeconds,
                [.. value.Pairs.Select(p => new Row(p.Key.Source, p.Key.Destination, p.Value.Packets, p.Value.Bytes))],
                [.. value.SentOutside.Select(p => new Edge(p.Key, p.Value.Packets, p.Value.Bytes))],
                [.. value.ReceivedOutside.Select(p => new Edge(p.Key, p.Value.Packets, p.Value.Bytes))])
            {
                SentToEndpoints = EndsOf(value.SentToEndpoints),
                ReceivedFromEndpoints = EndsOf(value.ReceivedFromEndpoints),
            },
            options);

    // Most applications have none: nothing is written then, and what was stored before reads the same.
    private static End[]? EndsOf(ImmutableSortedDictionary<EndpointPair, Flow> flows) =>
        flows.IsEmpty ? null : [.. flows.Select(flow => new End(flow.Key.Vm, flow.Key.Endpoint, flow.Value.Packets, flow.Value.Bytes))];

    private sealed record Document(double Seconds, Row[]? Pairs, Edge[]? SentOutside, Edge[]? ReceivedOutside)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public End[]? SentToEndpoints { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public End[]? ReceivedFromEndpoints { get; init; }
    }

    private sealed record End(VmId Vm, string Endpoint, double Packets, double Bytes);

    private sealed record Row(VmId Source, VmId Destination, double Packets, double Bytes);

    private sealed record Edge(VmId Vm, double Packets, double Bytes);
}
