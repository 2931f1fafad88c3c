using System.Collections.Immutable;
using Federation.Domain.Audit;

namespace Federation.Silo.Observing;

/// <summary>An audit log whose entries are counted, whoever writes them.</summary>
internal sealed class CountedAuditLog(IAuditLog log, ServiceMetrics metrics) : IAuditLog
{
    public Task<AuditRecord> Append(AuditEntry entry, CancellationToken cancel)
    {
        metrics.Audited(entry.Outcome);
        return log.Append(entry, cancel);
    }

    public Task<ImmutableArray<AuditRecord>> ReadAfter(long sequence, int limit, CancellationToken cancel) => log.ReadAfter(sequence, limit, cancel);
}
