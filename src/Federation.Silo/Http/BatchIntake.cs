using System.Threading.RateLimiting;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Http;

/// <summary>How many batches are under way: each sender has turns of its own, and one whose body has come gets a place among all.</summary>
/// <remarks>A sender that has all of its turns under way waits for itself alone: no place is held while a body comes.</remarks>
internal sealed class BatchIntake(IOptions<ServiceOptions> options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(10);

    // Each one that waits holds a connection, and up to 1 MiB of its body in the server's buffer.
    private const int QueuedForEachTurn = 4;

    private readonly PartitionedRateLimiter<BatchSender> turns = PartitionedRateLimiter.Create<BatchSender, BatchSender>(
        sender => RateLimitPartition.GetConcurrencyLimiter(sender, its => new()
        {
            PermitLimit = AtOnce(its, options.Value), QueueLimit = QueuedForEachTurn * AtOnce(its, options.Value),
        }));

    // Whoever waits for a place has a turn: turns bound how many wait.
    private readonly ConcurrencyLimiter places = new(new() { PermitLimit = options.Value.BatchesAtOnce, QueueLimit = int.MaxValue });

    /// <summary>Why a batch got no place.</summary>
    public string NoPlace =>
        $"{options.Value.BatchesAtOnce} batches are being stored, which is the most (Federation:BatchesAtOnce), and none was done within {LongestQueue.TotalSeconds:0} s";

    /// <summary>Why a sender got no turn.</summary>
    public string NoTurn(BatchSender sender) =>
        $"{AtOnce(sender, options.Value)} requests of {sender} are under way, which is the most (Federation:{(sender.IsSensor ? nameof(ServiceOptions.SensorBodiesAtOnce) : nameof(ServiceOptions.BatchesAtOnce))})";

    /// <summary>Waits for a turn of a sender's own, from its body's first byte to the answer; given back by disposing it. Null: there was none in time, or too many wait.</summary>
    public Task<IDisposable?> Turn(BatchSender sender, CancellationToken cancel) => Wait(late => turns.AcquireAsync(sender, 1, late), cancel);

    /// <summary>Waits for a place to parse and store a body that has come; given back by disposing it. Null: there was none in time.</summary>
    public Task<IDisposable?> Place(CancellationToken cancel) => Wait(late => places.AcquireAsync(1, late), cancel);

    public void Dispose()
    {
        turns.Dispose();
        places.Dispose();
    }

    private async Task<IDisposable?> Wait(Func<CancellationToken, ValueTask<RateLimitLease>> acquire, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(LongestQueue, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var lease = await acquire(end.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static int AtOnce(BatchSender sender, ServiceOptions options) => sender.IsSensor ? options.SensorBodiesAtOnce : options.BatchesAtOnce;
}
