using System.Net;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Federation.Domain.Audit;
using Federation.Silo.Auditing;
using Federation.Silo.Guarding;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Tls;

/// <summary>Writes connections that were refused before anything could be asked into the audit log.</summary>
/// <remarks>
/// By a queue: the handshake does not wait for the database. Whoever knocks more often than a stranger may ask (<see cref="LimitOptions"/>), or
/// than the database can write, is counted, not listed; all addresses together may as much as ten of them.
/// </remarks>
internal sealed partial class RefusedConnections(AuditTrail audit, IOptions<LimitOptions> limits, ILogger<RefusedConnections> log) : BackgroundService
{
    private const int MostWaiting = 1000;
    private const int AddressesAtOnce = 10;

    private readonly Channel<(string Door, EndPoint? From, string Reason)> waiting = Channel.CreateBounded<(string, EndPoint?, string)>(MostWaiting);
    private readonly PartitionedRateLimiter<string> budgets = PartitionedRateLimiter.CreateChained(
        Budgets(limits.Value, address => address, 1), Budgets(limits.Value, _ => "all", AddressesAtOnce));

    private long unlisted;

    /// <summary>Notes one.</summary>
    /// <param name="door">Which: api, silo or gateway.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="reason">Why.</param>
    public void Tell(string door, EndPoint? from, string reason)
    {
        using var lease = budgets.AttemptAcquire($"{(from as IPEndPoint)?.Address}");
        if (!lease.IsAcquired || !waiting.Writer.TryWrite((door, from, reason)))
        {
            Interlocked.Increment(ref unlisted);
        }
    }

    public override void Dispose()
    {
        budgets.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (door, from, reason) in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            var more = Interlocked.Exchange(ref unlisted, 0);
            try
            {
                await audit.Note(
                    $"nobody from {from}", "Connect", door, AuditOutcome.Refused, more == 0 ? reason : $"{reason}; {more} more before it are not listed");
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Interlocked.Add(ref unlisted, more + 1);
                LogNotWritten(fault, door, $"{from}", reason);
            }
        }
    }

    private static PartitionedRateLimiter<string> Budgets(LimitOptions limits, Func<string, string> key, int times) =>
        PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(key(address), _ => new()
        {
            TokensPerPeriod = limits.StrangersPerSecond * times,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            TokenLimit = limits.StrangerBurst * times,
            AutoReplenishment = true,
        }));

    [LoggerMessage(4030, LogLevel.Warning, "A connection to {Door} from {From} was refused, and the audit log could not be told: {Reason}")]
    private partial void LogNotWritten(Exception fault, string door, string from, string reason);
}
