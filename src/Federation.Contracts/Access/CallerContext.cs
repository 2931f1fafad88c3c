using Federation.Domain.Access;

namespace Federation.Contracts.Access;

/// <summary>Who the calls of this flow of control are made for: goes with every grain call, also to other silos.</summary>
/// <remarks>
/// Whoever can reach a silo's ports could write what it likes here: those are guarded by mutual TLS. Setting it lasts until the end of the
/// asynchronous method that sets it.
/// </remarks>
public static class CallerContext
{
    private const string Key = "federation.caller";

    /// <summary>The caller; null: nobody has said who asks.</summary>
    public static Caller? Current
    {
        get => (RequestContext.Get(Key) as CallerTag)?.Caller;
        set => RequestContext.Set(Key, value is null ? null! : new CallerTag(value));
    }

    /// <summary>A caller as it crosses the wire; immutable, so that a call within a silo copies nothing.</summary>
    /// <param name="Caller">The caller.</param>
    [GenerateSerializer, Immutable, Alias("Federation.CallerTag")]
    internal sealed record CallerTag([property: Id(0)] Caller Caller);
}
