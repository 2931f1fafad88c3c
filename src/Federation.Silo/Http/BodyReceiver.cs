using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Http;

/// <summary>Receives bodies whole, into memory that is counted, and not for ever: a sender that dawdles holds what it has sent and nobody up.</summary>
internal sealed class BodyReceiver(IOptions<ServiceOptions> options, TimeProvider clock)
{
    // A connection that starts slowly, and a body of a few bytes, are not held against the rate.
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

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
        var body = new ReceivedBody(Memory, sender);
        try
        {
            var refusal = request.ContentLength > options.Value.MaxBodyBytes ? TooLarge() : await Fill(body, request, cancel);
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

    private async Task<IResult?> Fill(ReceivedBody body, HttpRequest request, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        using var late = new CancellationTokenSource(Allowed(0), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            while (body.MakeRoom() is var grant)
            {
                if (grant != MemoryGrant.Granted)
                {
                    return NoRoom(grant, request.HttpContext);
                }

                var read = await request.Body.ReadAsync(body.Room, end.Token);
                if (read == 0)
                {
                    return null;
                }

                body.Add(read);
                var left = Allowed(body.Length) - clock.GetElapsedTime(began);
                late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }

            return null;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return TooSlow(body.Length, clock.GetElapsedTime(began));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            // The server's own least rate, of some hundred bytes a second.
            return TooSlow(body.Length, clock.GetElapsedTime(began));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge();
        }
    }

    /// <summary>How long a body of which so much has come may take until now: as a whole, and by the least rate.</summary>
    private TimeSpan Allowed(long received)
    {
        var byRate = Start + TimeSpan.FromSeconds(received / options.Value.LeastBodyBytesPerSecond);
        var whole = TimeSpan.FromSeconds(options.Value.BodySeconds);
        return byRate < whole ? byRate : whole;
    }

    private IResult TooLarge() => Problems.TooLarge(
        $"a body may have {options.Value.MaxBodyBytes} bytes (Federation:MaxBodyBytes) and this one has more; send less at once, in several requests");

    private IResult TooSlow(long received, TimeSpan took) => Problems.TooSlow(
        $"of the body {received} bytes came in {took.TotalSeconds:0.0} s; a whole one has to come within {options.Value.BodySeconds} s (Federation:BodySeconds), and after "
        + $"{Start.TotalSeconds:0} s with at least {options.Value.LeastBodyBytesPerSecond} bytes a second (Federation:LeastBodyBytesPerSecond); send fewer windows in one request");

    private IResult NoRoom(MemoryGrant grant, HttpContext context) => grant == MemoryGrant.SenderHasAllOfItsOwn
        ? Problems.TooMany(context, $"this sender's bodies that are under way hold {Memory.MostOfOne} bytes, the most for one sender (twice Federation:MaxBodyBytes)", WhileBusy)
        : Problems.Busy(context, $"the bodies that are under way hold {Memory.MostInAll} bytes, the most for all (Federation:MaxBodiesBytes)", WhileBusy);
}
