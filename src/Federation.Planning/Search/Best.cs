using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Live;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>The best feasible placement that one start has come by.</summary>
/// <remarks>
/// The order of moves is not in a placement's standing. Where checking in full is cheap, nothing is kept that does not pass;
/// otherwise what is kept is checked when the search ends.
/// </remarks>
internal sealed class Best(CostModel model)
{
    private const int MostVmsToCheck = 128;

    private readonly Objective objective = model.Problem.View.Application.Objective;
    private readonly HashSet<ulong> refused = [];

    /// <summary>It; null until there is one.</summary>
    public int[]? Assignment { get; private set; }

    /// <summary>Its value.</summary>
    public ObjectiveValue Value { get; private set; }

    /// <summary>Placements that were better but had no order of moves.</summary>
    public bool AnyRefused => refused.Count > 0;

    private bool MayHaveNoOrder { get; } = !model.Problem.CurrentSeats.All(seat => seat == PlacementProblem.Nowhere);

    /// <summary>Keeps a placement if it is feasible and better; whether it was kept.</summary>
    public bool Offer(LivePlacement live)
    {
        if (live.Now.Violation != 0)
        {
            return false;
        }

        var value = live.Now.Value(objective, model.NeededVcpus);
        if ((Assignment is not null && !value.IsBetterThan(Value)) || !Passes(live))
        {
            return false;
        }

        Assignment ??= new int[model.VmCount];
        live.Seats.CopyTo(Assignment);
        Value = value;
        return true;
    }

    private bool Passes(LivePlacement live)
    {
        if (!MayHaveNoOrder || model.VmCount > MostVmsToCheck)
        {
            return true;
        }

        var name = NameOf(live.Seats);
        if (refused.Contains(name))
        {
            return false;
        }

        var passes = Evaluated.Of(model.Problem, live.Seats.ToArray()).Verdict.IsFeasible;
        if (!passes)
        {
            refused.Add(name);
        }

        return passes;
    }

    private static ulong NameOf(ReadOnlySpan<int> seats)
    {
        var name = 14695981039346656037UL;
        foreach (var seat in seats)
        {
            name = (name ^ (uint)seat) * 1099511628211UL;
            name ^= name >> 29;
        }

        return name;
    }
}
