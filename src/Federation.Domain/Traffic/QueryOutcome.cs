using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Traffic;

/// <summary>What comes of a traffic query at an instant: an answer, a wait, or a no.</summary>
public abstract record QueryOutcome
{
    private QueryOutcome()
    {
    }

    /// <summary>Here it is.</summary>
    /// <param name="Answer">The figures and how complete they are.</param>
    public sealed record Answered(TrafficAnswer Answer) : QueryOutcome;

    /// <summary>Not yet: evaluate again at <paramref name="Until"/>, or as soon as one of the reports has come.</summary>
    /// <remarks>The wait of the next evaluation is what is left of this one's. Compared by reference.</remarks>
    /// <param name="Until">When nobody needs to wait any longer; never later than now and the query's wait.</param>
    /// <param name="Window">The window that is waited for.</param>
    /// <param name="Vms">The VMs whose reports of it are missing, in order; may be empty while the window is open.</param>
    public sealed record MustWait(DateTimeOffset Until, Window Window, ImmutableArray<VmId> Vms) : QueryOutcome;

    /// <summary>Not answerable as asked.</summary>
    /// <param name="Refusal">Why, and what would have been answerable.</param>
    /// <param name="AnswerableUntil">The latest end of a period that could be asked for instead; null if there is none.</param>
    public sealed record Rejected(Refusal Refusal, DateTimeOffset? AnswerableUntil) : QueryOutcome;
}
