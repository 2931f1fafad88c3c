using System.Text.Json;
using Federation.Domain.Access;
using Federation.Domain.Json;

namespace Federation.Grains.Access;

/// <summary>What a silo says with a grain call: that the service makes it, or for whom the silo's API makes it.</summary>
/// <remarks>
/// Within its silo the object itself is the proof, for nothing that comes from outside can be it. It is signed only when it is written to a
/// connection: for this grain, this method and some minutes. What is read from a gateway's connection is worth nothing, also a copy of a good one.
/// </remarks>
[Immutable]
public sealed class ServiceProof
{
    internal const string Key = "federation.proof";

    private readonly ServiceKey? maker;
    private readonly ProofWire wire;
    private readonly GrainId target;
    private readonly (string Interface, string Name) method;

    internal ServiceProof(ServiceKey maker, GrainId target, (string Interface, string Name) method, CallOrigin origin)
    {
        (this.maker, this.target, this.method) = (maker, target, method);
        (Caller, From) = ReferenceEquals(origin, CallOrigin.Service) ? (null, null) : (origin.Caller, origin.From);
    }

    internal ServiceProof(ProofWire wire)
    {
        this.wire = wire;
        (Caller, From) = (wire.Caller is { } text ? JsonSerializer.Deserialize<Caller>(text, DomainJson.Options) : null, wire.From);
    }

    /// <summary>For whom; null: the service itself.</summary>
    internal Caller? Caller { get; }

    /// <summary>Where that caller's request came from; null: the service itself.</summary>
    internal string? From { get; }

    internal bool IsGood(ServiceKey key, IGrainCallContext call) =>
        ReferenceEquals(maker, key) || (maker is null && key.IsGood(wire, $"{call.TargetId}", Text(MethodOf(call))));

    internal ProofWire ToWire() =>
        maker?.Sign($"{target}", Text(method), Caller is null ? null : JsonSerializer.Serialize(Caller, DomainJson.Options), From) ?? wire;

    internal static (string Interface, string Name) MethodOf(IGrainCallContext call) => (call.InterfaceName, call.MethodName);

    private static string Text((string Interface, string Name) method) => $"{method.Interface}.{method.Name}";
}

/// <summary>A <see cref="ServiceProof"/> on the wire.</summary>
[GenerateSerializer, Alias("Federation.ServiceProof")]
public struct ProofWire
{
    /// <summary>When it was signed, Unix milliseconds.</summary>
    [Id(0)]
    public long At { get; set; }

    /// <summary>The caller, as JSON; null: the service itself.</summary>
    [Id(1)]
    public string? Caller { get; set; }

    /// <summary>Where the caller's request came from.</summary>
    [Id(2)]
    public string? From { get; set; }

    /// <summary>HMAC-SHA256 over all of it, the grain and the method; null: worth nothing.</summary>
    [Id(3)]
    public byte[]? Mac { get; set; }
}

/// <summary>Signs proofs when they leave a silo.</summary>
[RegisterConverter]
public sealed class ServiceProofConverter : IConverter<ServiceProof, ProofWire>
{
    /// <inheritdoc/>
    public ServiceProof ConvertFromSurrogate(in ProofWire surrogate) => new(GatewayFlow.IsHere ? default : surrogate);

    /// <inheritdoc/>
    public ProofWire ConvertToSurrogate(in ServiceProof value) => value.ToWire();
}

/// <summary>Marks the flow of control that reads a gateway's connection.</summary>
internal static class GatewayFlow
{
    private static readonly AsyncLocal<bool> Mark = new();

    /// <summary>Whether what is read now comes through a gateway.</summary>
    public static bool IsHere
    {
        get => Mark.Value;
        set => Mark.Value = value;
    }
}
