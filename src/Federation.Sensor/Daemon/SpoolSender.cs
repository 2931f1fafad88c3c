using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Posting;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Sends what waits in the spool, oldest first, application by application, and takes out what the service has answered for.</summary>
/// <remarks>
/// Where the service is away, everything stays. Where it refuses an application for now (unknown, or not this sensor's), its reports stay and
/// the others go on. Where it refuses a body as such, that is halved until the single report is found: that one is dropped alone.
/// </remarks>
internal sealed class SpoolSender(WindowSpool spool, Func<WindowPoster> poster, int batchSize, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Dictionary<AppId, DateTimeOffset> heldUntil = [];
    private readonly DeliveryFailures failures = new(log);
    private bool wasSkewed;

    /// <summary>How it stands; replaced whole.</summary>
    public DeliveryStatus Status { get; private set; }

    /// <summary>Something new is in the spool.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();

    /// <summary>Sends until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var wait = await SendAll(cancel) ? Timeout.InfiniteTimeSpan : Pause;
            try
            {
                using var timer = new CancellationTokenSource(wait, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
                await wake.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // The pause is over, or all is.
            }
        }
    }

    /// <summary>Sends what can be sent now.</summary>
    /// <returns>Whether nothing is left to try again.</returns>
    public async Task<bool> SendAll(CancellationToken cancel)
    {
        var isDone = true;
        var waiting = spool.Applications;
        failures.Keep(waiting);
        foreach (var application in waiting)
        {
            if (heldUntil.GetValueOrDefault(application) > time.GetUtcNow())
            {
                isDone = false;
                continue;
            }

            switch (await SendApplication(application, cancel))
            {
                case Outcome.Away:
                    return false;
                case Outcome.Held:
                    heldUntil[application] = time.GetUtcNow() + LongPause;
                    isDone = false;
                    break;
                default:
                    break;
            }
        }

        return isDone;
    }

    private enum Outcome
    {
        Sent,
        Held,
        Away,
    }

    private async Task<Outcome> SendApplication(AppId application, CancellationToken cancel)
    {
        while (spool.Take(application, batchSize) is { IsEmpty: false } entries)
        {
            // A batch is of one start of the sensor.
            var start = entries.TakeWhile(entry => (entry.Sensor, entry.Boot) == (entries[0].Sensor, entries[0].Boot)).ToImmutableArray();
            var asked = time.GetUtcNow();
            if (PosterNow() is not { } now)
            {
                return Outcome.Away;
            }

            var result = await Post(now, application, start.SelectMany(entry => entry.Reports()).ToArray(), cancel);
            if (result.Failure is { } failure)
            {
                return Failed(application, failure);
            }

            spool.Acknowledge(start.Select(entry => entry.Id));
            Answered(application, result, asked);
        }

        return Outcome.Sent;
    }

    // One report that spoils its body is found by halves, in twice as many requests as the number of reports has binary digits.
    private static async Task<PostResult> Post(WindowPoster poster, AppId application, ArraySegment<NumberedReport> reports, CancellationToken cancel)
    {
        var result = await poster.Post(application, reports, cancel);
        if (result.Failure is not { Status: 400 or 413 or 422 } failure)
        {
            return result;
        }

        var rest = reports[result.Answered..];
        if (rest.Count == 1)
        {
            return result.WithoutRefused(rest[0], failure);
        }

        foreach (var half in (ArraySegment<NumberedReport>[])[rest[..(rest.Count / 2)], rest[(rest.Count / 2)..]])
        {
            result = result.With(await Post(poster, application, half, cancel));
            if (result.Failure is not null)
            {
                return result;
            }
        }

        return result;
    }

    private WindowPoster? PosterNow()
    {
        try
        {
            return poster();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            failures.Away(new(PostFailureKind.Rejected, $"the token cannot be read: {fault.Message}"));
            Show();
            return null;
        }
    }

    private Outcome Failed(AppId application, PostFailure failure)
    {
        var isAway = failure.Kind == PostFailureKind.Unreachable || failure.Status == 401;
        if (isAway)
        {
            failures.Away(failure);
        }
        else
        {
            failures.Refused(application, failure);
        }

        Show();
        return isAway ? Outcome.Away : Outcome.Held;
    }

    private void Show() => Status = Status with
    {
        Failure = failures.Current?.Reason,
        Answer = failures.Current?.Status,
        IsAway = failures.Current is { Kind: PostFailureKind.Unreachable, Status: null },
    };

    private void Answered(AppId application, PostResult result, DateTimeOffset asked)
    {
        foreach (var refused in result.Refused)
        {
            log.ReportRefused(refused.Vm, refused.Start, refused.Reason);
        }

        if (result.Duplicates > 0)
        {
            log.Duplicates(result.Duplicates);
        }

        if (failures.Delivered(application))
        {
            log.DeliveryResumed(spool.Figures.Reports);
        }

        var now = time.GetUtcNow();
        Status = Status with
        {
            Delivered = Status.Delivered + result.Answered,
            Refused = Status.Refused + result.Refused.Length,
            LastAnswer = now,
        };
        Show();
        if (result.ServiceTime is { } service)
        {
            Compare(ClockSkew.Of(asked, now, service));
        }
    }

    private void Compare(ClockSkew skew)
    {
        if (skew.IsWrong && !wasSkewed)
        {
            log.ClockSkewed(skew.Offset, skew.Uncertainty);
        }

        wasSkewed = skew.IsWrong;
        Status = Status with { ClockOffset = skew.Offset.TotalSeconds };
    }
}
