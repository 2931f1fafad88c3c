using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>The answer to a traffic query: the figures, and how complete they are. Compared by reference.</summary>
/// <param name="Matrices">
/// Detailed: one per window in which at least one VM reported, oldest first (silent is not zero: no figures, no matrix).
/// Otherwise exactly one.
/// </param>
/// <param name="Windows">Every window of the period, oldest first, and what is missing in it.</param>
public sealed record TrafficAnswer(ImmutableArray<AnsweredMatrix> Matrices, ImmutableArray<WindowCompleteness> Windows)
{
    /// <summary>Whether every VM reported every window in full and nothing was estimated.</summary>
    public bool IsComplete => Windows.All(window => window.IsComplete);
}

/// <summary>One matrix of an answer; its period is always one window (30 s), so that means and details compare.</summary>
/// <param name="Window">The window; null if the matrix stands for all of them.</param>
/// <param name="Matrix">The traffic.</param>
public sealed record AnsweredMatrix(Window? Window, TrafficMatrix Matrix);

/// <summary>What is missing in one window of an answer. VMs are in order. Compared by reference.</summary>
/// <param name="Window">The window.</param>
/// <param name="Silent">
/// VMs of which nothing is known in it. Unknown, not zero: a mean weighs what a VM received over the windows it reported.
/// </param>
/// <param name="Partial">VMs whose sensor watched only a part of it.</param>
/// <param name="Approximated">VMs whose figures are estimated, in whole or (if they are in Partial too) in part.</param>
/// <param name="HasFigures">Whether anything is known of any VM; if not, the window is not part of the figures.</param>
public sealed record WindowCompleteness(
    Window Window,
    ImmutableArray<VmId> Silent,
    ImmutableArray<VmId> Partial,
    ImmutableArray<VmId> Approximated,
    bool HasFigures)
{
    /// <summary>
    /// VMs whose figures lack frames that the kernel dropped, or are an equal share of several windows. In order; default none.
    /// </summary>
    public ImmutableArray<VmId> Inexact { get; init; } = [];

    /// <summary>VMs that several sensors reported whole, so that frames may count twice. In order; default none.</summary>
    public ImmutableArray<VmId> Doubled { get; init; } = [];

    /// <summary>Whether every VM reported all of the window and nothing of it was lost, blurred or counted twice.</summary>
    public bool IsExact => IsComplete && Inexact.IsEmpty && Doubled.IsEmpty;

    /// <summary>Whether every VM reported all of the window.</summary>
    public bool IsComplete => Silent.IsEmpty && Partial.IsEmpty && Approximated.IsEmpty;

    /// <summary>Whether some of the figures are estimated.</summary>
    public bool IsApproximated => !Approximated.IsEmpty;
}
