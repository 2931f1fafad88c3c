using System.Buffers;
using Federation.Silo.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Http;

/// <summary>Receives bodies whole, into memory that is counted, and not for ever: a sender that dawdles holds what it has sent and nobody up.</summary>
internal sealed class BodyReceiver(IOptions<ServiceOptions> options, TimeProvider clock)
{
    // A connection that starts slowly, and a body of a few bytes, are not held against the rate.
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    // A sender that is cut off while it sends hears a broken connection, not why: what is too much is read and thrown away, up to so many times the bound.
    private const int MostThrownAway = 8;

    private const int Thrown = 4 << 10;

    private static readonly TimeSpan WhileBusy = TimeSpan.FromSeconds(1);

    /// <summary>What bodies that are under way hold.</summary>
    public BodyMemory Memory { get; } = new(options.Value.MaxBodiesBytes, options.Value.BytesOfOneSender);

    /// <summary>The body, to be disposed of by the caller; or why there is none.</summary>
    /// <param name="request">What is received.</param>
    /// <param name="sender">Whose it is.</param>
    /// <param name="cancel">The request has ended.</param>
    /// <exception cref="BadHttpRequestException">The sender has gone.</exception>
    public async Task<(ReceivedBody? Body, IResult? Refusal)> Receive(HttpRequest request, BatchSender sender, CancellationToken cancel)
    {
        var body = new ReceivedBody(Memory, sender, options.Value.MaxBodyBytes);
        try
        {
            // Who asks first whether he may send so much is told at once.
            var refusal = IsAnnouncedAsTooLarge(request) && request.Headers.Expect.Count > 0 ? TooLarge() : await Fill(body, request, cancel);
            if (refusal is null)
            {
                return (body, null);
            }

            body.Dispose();
            return (null, refusal);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Reads a body that is refused and throws it away, as long as one may take: the server itself waits 5 s and then breaks the connection, so that a slow sender never hears why.</summary>
    /// <remarks>Who asks first whether he may send it is told at once.</remarks>
    /// <param name="request">Whose body.</param>
    /// <param name="cancel">The request has ended.</param>
    public async Task ThrowAway(HttpRequest request, CancellationToken cancel)
    {
        if (request.Headers.Expect.Count > 0)
        {
            return;
        }

        var room = ArrayPool<byte>.Shared.Rent(Thrown);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.BodySeconds), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var left = MostThrownAway * options.Value.MaxBodyBytes;
            for (int read; left > 0 && (read = await request.Body.ReadAsync(room, end.Token)) > 0;)
            {
                left -= read;
            }
        }
        catch (Exception ended) when (ended is BadHttpRequestException || (ended is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // It sends too much, too slowly or not at all: it was refused anyway.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private async Task<IResult?> Fill(ReceivedBody body, HttpRequest request, CancellationToken cancel)
    {
        // The bound is kept here.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        var began = clock.GetTimestamp();
        using var late = new CancellationTokenSource(Allowed(0), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            MemoryGrant grant;
            while ((grant = body.MakeRoom()) == MemoryGrant.Granted)
            {
                var read = await request.Body.ReadAsync(body.Room, end.Token);
                body.Add(read);
                if (read == 0 || body.Received > MostThrownAway * options.Value.MaxBodyBytes)
                {
                    return body.IsTooLarge || IsAnnouncedAsTooLarge(request) ? TooLarge() : null;
                }

                var left = Allowed(body.Received) - clock.GetElapsedTime(began);
                late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            return NoRoom(grant, request.HttpContext);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return TooSlow(body.Received, clock.GetElapsedTime(began));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            // The server's own least rate, of some hundred bytes a second.
            return TooSlow(body.Received, clock.GetElapsedTime(began));
        }
    }

    /// <summary>How long a body of which so much has come may take until now: as a whole, and by the least rate.</summary>
    private TimeSpan Allowed(long received)
    {
        var byRate = Start + TimeSpan.FromSeconds(received / options.Value.LeastBodyBytesPerSecond);
        var whole = TimeSpan.FromSeconds(options.Value.BodySeconds);
        return byRate < whole ? byRate : whole;
    }

    private bool IsAnnouncedAsTooLarge(HttpRequest request) => request.ContentLength > options.Value.MaxBodyBytes;

    private IResult TooLarge() => Problems.TooLarge(
        $"a body may have {options.Value.MaxBodyBytes} bytes (Federation:MaxBodyBytes) and this one has more; send less at once, in several requests");

    private IResult TooSlow(long received, TimeSpan took) => Problems.TooSlow(
        $"of the body {received} bytes came in {took.TotalSeconds:0.0} s; a whole one has to come within {options.Value.BodySeconds} s (Federation:BodySeconds), and after "
        + $"{Start.TotalSeconds:0} s with at least {options.Value.LeastBodyBytesPerSecond} bytes a second (Federation:LeastBodyBytesPerSecond); send fewer windows in one request");

    private IResult NoRoom(MemoryGrant grant, HttpContext context) => grant == MemoryGrant.SenderHasAllOfItsOwn
        ? Problems.TooMany(context, $"this sender's bodies that are under way hold {Memory.MostOfOne} bytes, the most for one sender (three times Federation:MaxBodyBytes)", WhileBusy)
        : Problems.Busy(context, $"the bodies that are under way hold {Memory.MostInAll} bytes, the most for all (Federation:MaxBodiesBytes)", WhileBusy);
}
