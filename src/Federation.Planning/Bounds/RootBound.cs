using Federation.Domain.Estimation;
using Federation.Planning.Exact;
using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>What the objective cannot fall below, whatever the placement: never more than the truth, and quick to have.</summary>
internal static class RootBound
{
    // The relaxation looks at every pair at every two sites.
    private const int MostVmsForRelaxation = 64;

    /// <summary>The bound; null if not even it holds all constraints, which proves that no placement does.</summary>
    public static ObjectiveValue? Of(CostModel model)
    {
        if (model.VmCount > MostVmsForRelaxation)
        {
            return IndependentBound.Of(model);
        }

        var relaxation = new Relaxation(model);
        return relaxation.Look(new PartialPlacement(model, VmOrder.Of(model)), toBeat: null) ? relaxation.Value : null;
    }
}
