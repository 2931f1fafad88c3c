using Federation.Domain.Access;

namespace Federation.Grains.Access;

/// <summary>In a grain: for whom the present call is made. Comes from <see cref="GrainAccess"/>, never from the wire.</summary>
public static class CallerContext
{
    private static readonly AsyncLocal<Caller?> Person = new();

    /// <summary>The caller as it was verified; the service itself where a grain, a reminder or the service's own work calls.</summary>
    public static Caller Current => Person.Value ?? Caller.Service;

    // Null: the service itself. Left alone where nothing changes, which costs nothing.
    internal static void Set(Caller? caller)
    {
        if (!ReferenceEquals(Person.Value, caller))
        {
            Person.Value = caller;
        }
    }
}

/// <summary>In a silo, outside its grains: for whom the calls of this flow of control are made. Lasts until the end of the asynchronous method that sets it.</summary>
/// <param name="Caller">The caller, verified by whoever sets this.</param>
/// <param name="From">Where the request came from, as an address; for the audit log.</param>
public sealed record CallOrigin(Caller Caller, string From)
{
    private static readonly AsyncLocal<CallOrigin?> Flow = new();

    /// <summary>The service itself, on nobody's behalf.</summary>
    public static CallOrigin Service { get; } = new(Caller.Service, "");

    /// <summary>For whom calls are made; null: nobody has said so, and grains refuse them.</summary>
    public static CallOrigin? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>Makes calls as the service, and goes on as before.</summary>
    public static async Task<T> AsService<T>(Func<Task<T>> calls)
    {
        Current = Service;
        return await calls();
    }
}
