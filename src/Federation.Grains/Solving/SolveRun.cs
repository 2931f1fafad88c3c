using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Grains.Solving;

/// <summary>One evaluation of an application's placement, beside the turns of its grain. For one grain's single thread.</summary>
/// <param name="place">Its place in the silo's queue.</param>
/// <param name="trigger">Why it is evaluated.</param>
/// <param name="request">How.</param>
/// <param name="askedAt">Since when it is wanted.</param>
internal sealed class SolveRun(SolverPlace place, DecisionTrigger trigger, PlanRequest request, DateTimeOffset askedAt) : IDisposable
{
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource cancel = new();
    private CancellationToken? cancelled;

    /// <summary>Its place in the silo's queue.</summary>
    public SolverPlace Place => place;

    /// <summary>Why it is evaluated.</summary>
    public DecisionTrigger Trigger => trigger;

    /// <summary>How.</summary>
    public PlanRequest Request => request;

    /// <summary>Since when it is wanted.</summary>
    public DateTimeOffset AskedAt => askedAt;

    /// <summary>What it came to, to be taken up in a turn of the grain; null: it is not solved.</summary>
    public SolveOutcome? Outcome { get; set; }

    /// <summary>Nobody wants it any more.</summary>
    public CancellationToken Cancelled => cancelled ??= cancel.Token;

    /// <summary>Ends when it was taken up, or is not wanted any more.</summary>
    public Task Over => over.Task;

    /// <summary>It was taken up, or is not wanted any more: then it ends where it is.</summary>
    public void Dispose()
    {
        _ = Cancelled;
        cancel.Cancel();
        cancel.Dispose();
        place.Dispose();
        over.TrySetResult();
    }
}

/// <summary>What an evaluation came to. Compared by reference.</summary>
/// <param name="Loop">What the decision loop remembered when it was begun.</param>
/// <param name="View">The world that it was made from; null: the application is gone, or something failed.</param>
/// <param name="Decision">The decision; null as <paramref name="View"/> is.</param>
/// <param name="Fault">What sort of thing failed; null: nothing.</param>
/// <param name="Refusal">Why what was asked for is none in the world as it is; null: it is.</param>
internal sealed record SolveOutcome(
    DecisionState Loop, PlacementView? View = null, Decision? Decision = null, string? Fault = null, Refusal? Refusal = null);
