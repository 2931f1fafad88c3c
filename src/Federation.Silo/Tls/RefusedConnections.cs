using System.Threading.Channels;
using Federation.Domain.Audit;
using Federation.Silo.Auditing;

namespace Federation.Silo.Tls;

/// <summary>Writes connections that were refused before anything could be asked into the audit log.</summary>
/// <remarks>
/// By a queue: the handshake does not wait for the database. Whoever knocks more often than the database can write is counted, not listed.
/// </remarks>
internal sealed partial class RefusedConnections(AuditTrail audit, ILogger<RefusedConnections> log) : BackgroundService
{
    private const int MostWaiting = 1000;

    private readonly Channel<(string Port, string From, string Reason)> waiting = Channel.CreateBounded<(string, string, string)>(MostWaiting);
    private long dropped;

    /// <summary>Notes one.</summary>
    /// <param name="port">Which door: api, silo or gateway.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="reason">Why.</param>
    public void Tell(string port, string from, string reason)
    {
        if (!waiting.Writer.TryWrite((port, from, reason)))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (port, from, reason) in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                var more = Interlocked.Exchange(ref dropped, 0);
                await audit.Note(
                    $"nobody from {from}", "Connect", port, AuditOutcome.Refused, more == 0 ? reason : $"{reason}; {more} more before it are not listed");
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogNotWritten(fault, port, from, reason);
            }
        }
    }

    [LoggerMessage(4030, LogLevel.Warning, "A connection to {Port} from {From} was refused, and the audit log could not be told: {Reason}")]
    private partial void LogNotWritten(Exception fault, string port, string from, string reason);
}
