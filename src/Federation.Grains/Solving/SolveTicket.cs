using Federation.Domain.Identity;

namespace Federation.Grains.Solving;

/// <summary>Who wants something solved.</summary>
public enum SolveKind
{
    /// <summary>A person, who waits for it.</summary>
    Asked,

    /// <summary>The service itself, which looks whether VMs are still where they should be.</summary>
    Automatic,
}

/// <summary>One solve in a <see cref="SolverSchedule"/>. Compared by reference; changed by its schedule only.</summary>
/// <param name="tenant">For whom.</param>
/// <param name="kind">Who wants it.</param>
/// <param name="number">Grows with every ticket of the schedule.</param>
internal sealed class SolveTicket(TenantId tenant, SolveKind kind, long number)
{
    /// <summary>For whom.</summary>
    public TenantId Tenant { get; } = tenant;

    /// <summary>Who wants it.</summary>
    public SolveKind Kind { get; } = kind;

    /// <summary>Grows with every ticket of the schedule.</summary>
    public long Number { get; } = number;

    /// <summary>When it got a worker; null: it waits.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>Its place in its tenant's line; null: it does not wait.</summary>
    internal LinkedListNode<SolveTicket>? Place { get; set; }
}
