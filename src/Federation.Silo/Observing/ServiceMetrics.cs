using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Federation.Domain.Audit;
using Federation.Files.Feeds;
using Federation.Grains;
using Federation.Grains.Hosts;
using Federation.Grains.Solving;
using Federation.Silo.Policies;

namespace Federation.Silo.Observing;

/// <summary>What the service counts of itself, beside what ASP.NET, Orleans and the runtime count.</summary>
public sealed class ServiceMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Federation";

    private readonly Counter<long> windows;
    private readonly Counter<long> audited;

    /// <summary>Makes the instruments.</summary>
    public ServiceMetrics(IMeterFactory meters, RemoteFeeds feeds, SiteFolderStatus folder, ReevaluationCounts looks, SolverPool solvers, SegmentCounts networks)
    {
        var meter = meters.Create(MeterName);
        windows = meter.CreateCounter<long>("federation.windows", "{window}", "Windows of traffic that sensors sent, by what became of them");
        audited = meter.CreateCounter<long>("federation.audit.entries", "{entry}", "Entries of the audit log, by outcome");
        meter.CreateObservableGauge("federation.feeds.failing", () => feeds.Failing.Count, "{feed}", "Price feeds whose last fetch failed");
        meter.CreateObservableGauge(
            "federation.site_files.faulty", () => folder.Fault is null ? 0 : 1, "{folder}", "1 while the site files have a fault and older ones stay in force");
        meter.CreateObservableGauge(
            "federation.reevaluations.waiting", () => looks.Waiting, "{application}", "Applications that wait for a look at their placement because a site has changed");
        meter.CreateObservableGauge("federation.plans.waiting", () => solvers.Load.Asked, "{plan}", "Plans that wait on this silo to be worked out");
        meter.CreateObservableGauge(
            "federation.looks.waiting", () => solvers.Load.Automatic, "{application}", "Applications that wait on this silo to be looked at by the service itself");
        meter.CreateObservableGauge("federation.solves.running", () => solvers.Load.Running, "{solve}", "Solves that this silo is at");
        meter.CreateObservableGauge("federation.networks.behind", () => networks.Behind, "{host}", "Hosts that have not acknowledged where VMs of a network are, each once a network");
        var acknowledged = meter.CreateHistogram<double>("federation.networks.acknowledged", "s", "From a change of a network until all hosts that it concerns have acknowledged it");
        networks.Acknowledged += slowest => acknowledged.Record(slowest.TotalSeconds);
        foreach (var outcome in Enum.GetValues<AuditOutcome>())
        {
            // There from the start, so that a rate over the first one is no gap.
            audited.Add(0, Outcome(outcome.ToString()));
        }
    }

    /// <summary>Counts a batch.</summary>
    public void Windows(int accepted, int duplicates, int refused)
    {
        windows.Add(accepted, Outcome("accepted"));
        windows.Add(duplicates, Outcome("duplicate"));
        windows.Add(refused, Outcome("refused"));
    }

    /// <summary>Counts an audit entry.</summary>
    public void Audited(AuditOutcome outcome) => audited.Add(1, Outcome(outcome.ToString()));

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome.ToLowerInvariant());
}

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
