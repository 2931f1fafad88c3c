using System.Collections.Immutable;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Posting;

/// <summary>What became of the reports that were posted. Compared by reference.</summary>
public sealed record PostResult
{
    /// <summary>Nothing posted yet.</summary>
    public static PostResult None { get; } = new();

    /// <summary>Reports that the service has answered for: accepted, duplicate and refused ones.</summary>
    public int Answered { get; init; }

    /// <summary>Reports that are stored now and were not before.</summary>
    public int Accepted { get; init; }

    /// <summary>Reports that had been stored before.</summary>
    public int Duplicates { get; init; }

    /// <summary>Reports that the service does not take; to send them again would not help.</summary>
    public ImmutableArray<RefusedWindow> Refused { get; init; } = [];

    /// <summary>The service's time at its last answer, null without one.</summary>
    public DateTimeOffset? ServiceTime { get; init; }

    /// <summary>Why the reports after the first <see cref="Answered"/> were not delivered; null if all were.</summary>
    public PostFailure? Failure { get; init; }

    /// <summary>This and what became of the reports after it, in place of why they were not delivered.</summary>
    public PostResult With(PostResult next) => new()
    {
        Answered = Answered + next.Answered,
        Accepted = Accepted + next.Accepted,
        Duplicates = Duplicates + next.Duplicates,
        Refused = Refused.AddRange(next.Refused),
        ServiceTime = next.ServiceTime ?? ServiceTime,
        Failure = next.Failure,
    };

    /// <summary>This without the report after it, for which the service refuses a body that has nothing else in it.</summary>
    public PostResult WithoutRefused(NumberedReport report, PostFailure failure) => this with
    {
        Refused = Refused.Add(new(report.Report.Vm.Value, report.Report.Window.ToString(), failure.Reason)),
        Failure = null,
    };

    /// <summary>This and one more answer.</summary>
    public PostResult With(int reports, WindowBatchAnswer answer) => this with
    {
        Answered = Answered + reports,
        Accepted = Accepted + answer.Accepted,
        Duplicates = Duplicates + answer.Duplicates,
        Refused = Refused.AddRange(answer.Refused),
        ServiceTime = answer.Now,
    };
}

/// <summary>Why a request was given up.</summary>
/// <param name="Kind">Whether to send it again later makes sense.</param>
/// <param name="Reason">Fit to show to a user; the service's own words where it had any.</param>
/// <param name="Status">The HTTP status; null without an answer.</param>
public sealed record PostFailure(PostFailureKind Kind, string Reason, int? Status = null);

/// <summary>The kinds of <see cref="PostFailure"/>.</summary>
public enum PostFailureKind
{
    /// <summary>The service was away or busy through all repetitions: send again later.</summary>
    Unreachable,

    /// <summary>The service does not take the request as it is: wrong token, wrong address, wrong application.</summary>
    Rejected,
}

/// <summary>A request that failed and is about to be sent again.</summary>
/// <param name="Attempt">The attempt that failed, from 1.</param>
/// <param name="Delay">How long until the next one.</param>
/// <param name="Reason">Why it failed, fit to show to a user.</param>
public readonly record struct PostRetry(int Attempt, TimeSpan Delay, string Reason);
