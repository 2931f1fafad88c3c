using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Planning.Tests.Reference;

/// <summary>Looks at every placement there is.</summary>
internal static class BruteForce
{
    /// <summary>The best one's value; null if none holds all constraints.</summary>
    public static double[]? Best(PlacementView view)
    {
        var everywhere = view.Sites.SelectMany(site => site.Offers.Select(offer => new Location(site.Id, offer.Name))).ToArray();
        var places = view.Application.Vms.Select(vm => everywhere.Where(at => ReferenceRules.CouldBe(view, vm, at)).ToArray()).ToArray();
        double[]? best = null;
        foreach (var locations in All(places))
        {
            if (ReferenceRules.Broken(view, locations) is null)
            {
                var value = new ReferencePlacement(view, locations).Terms().Value(view.Application.Objective);
                best = best is null || IsBetter(value, best) ? value : best;
            }
        }

        return best;
    }

    /// <summary>Whether the first difference that is more than rounding is for the better.</summary>
    public static bool IsBetter(double[] value, double[] than)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!Same(value[i], than[i]))
            {
                return value[i] < than[i];
            }
        }

        return false;
    }

    /// <summary>Whether two figures are the same but for rounding.</summary>
    public static bool Same(double a, double b) => a == b || Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));

    private static IEnumerable<Location[]> All(Location[][] places)
    {
        if (places.Any(choice => choice.Length == 0))
        {
            yield break;
        }

        var at = new int[places.Length];
        for (var vm = 0; vm < at.Length;)
        {
            yield return [.. at.Select((choice, i) => places[i][choice])];
            for (vm = 0; vm < at.Length && ++at[vm] == places[vm].Length; vm++)
            {
                at[vm] = 0;
            }
        }
    }
}
