using System.Text;
using System.Threading.RateLimiting;
using Federation.Domain;
using Federation.Grains;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>
/// Reads bodies that are files. A large one is parsed on a thread of low priority, one at a time, and a caller may have few of them on the way: what
/// one tenant sends takes neither the threads that answer the others nor the memory.
/// </summary>
internal sealed class FileBodies : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly LowPriorityScheduler Background = new("files");

    private readonly PartitionedRateLimiter<string> onTheWay = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => new() { PermitLimit = Limits.Request.LargeFilesAtOnce, QueueLimit = 0 }));

    /// <summary>What the body says, or why it is not read.</summary>
    /// <param name="request">Its route bounds the body's size.</param>
    /// <param name="parse">Parses the body's text.</param>
    /// <param name="cancel">Gives it up.</param>
    public async Task<(T? Parsed, IResult? Refusal)> Read<T>(HttpRequest request, Func<string, T> parse, CancellationToken cancel)
        where T : class
    {
        if (request.ContentLength <= Limits.Files.SmallBytes)
        {
            return (parse(await Text(request, cancel)), null);
        }

        using var place = onTheWay.AttemptAcquire($"{request.HttpContext.Caller()}");
        if (!place.IsAcquired)
        {
            return (null, Problems.TooMany(
                request.HttpContext,
                $"more than {Limits.Request.LargeFilesAtOnce} files of more than {Limits.Files.SmallBytes} bytes come from this caller at once",
                Again));
        }

        var text = await Text(request, cancel);
        return (await Background.Run(() => parse(text)), null);
    }

    public void Dispose() => onTheWay.Dispose();

    private static async Task<string> Text(HttpRequest request, CancellationToken cancel)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }
}
