using System.Collections.Immutable;

namespace Federation.Domain.Audit;

/// <summary>The audit log: append only, each entry chained to the one before by its hash.</summary>
/// <remarks>Safe for use by several threads and processes.</remarks>
public interface IAuditLog
{
    /// <summary>Adds an entry; it is durable when this returns.</summary>
    Task<AuditRecord> Append(AuditEntry entry, CancellationToken cancel);

    /// <summary>The first entries after a sequence number, oldest first; 0 reads from the start.</summary>
    /// <param name="sequence">The last sequence number that the reader has seen.</param>
    /// <param name="limit">At most so many, at least 1.</param>
    /// <param name="cancel">Stops reading.</param>
    Task<ImmutableArray<AuditRecord>> ReadAfter(long sequence, int limit, CancellationToken cancel);
}
