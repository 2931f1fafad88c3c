using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Reports on their way into the spool: kept in memory as long as the disk fails. Not safe for use by several threads.</summary>
internal sealed class PendingReports(WindowSpool spool, ILogger log)
{
    // An hour of windows of ten applications.
    private const int Most = 1200;

    private readonly Queue<(AppId Application, IReadOnlyList<NumberedReport> Reports)> waiting = [];

    /// <summary>How many entries are not in the spool yet.</summary>
    public int Count => waiting.Count;

    /// <summary>Reports that were given up since the start.</summary>
    public long Lost { get; private set; }

    /// <summary>Puts reports in line.</summary>
    public void Add(IEnumerable<(AppId Application, IReadOnlyList<NumberedReport> Reports)> reports)
    {
        foreach (var entry in reports.Where(entry => entry.Reports.Count > 0))
        {
            waiting.Enqueue(entry);
        }

        while (waiting.Count > Most)
        {
            Lost += waiting.Dequeue().Reports.Count;
        }
    }

    /// <summary>Puts as many into the spool as it takes.</summary>
    public void Flush()
    {
        while (waiting.TryPeek(out var entry))
        {
            try
            {
                var loss = spool.Append(entry.Application, entry.Reports);
                waiting.Dequeue();
                Lost += loss.Lost;
                if (!loss.IsNone)
                {
                    log.SpoolShrunk(loss.Merged, loss.Lost);
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                log.SpoolFailed(fault, waiting.Count);
                return;
            }
        }
    }
}
