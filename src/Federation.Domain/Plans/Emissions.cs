using Federation.Domain.Clocks;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>What an application emits, in grams of CO2e: of the offers that its VMs have, for as long as they have them. What moves take besides is left aside.</summary>
internal static class Emissions
{
    /// <summary>Of a placement from an instant until another, both in seconds from the moment of planning; null: a site does not say what it emits.</summary>
    public static double? Over(PlacementProblem problem, IEnumerable<int> assignment, double from, double until)
    {
        double grams = 0;
        foreach (var seat in assignment.GroupBy(seat => seat))
        {
            var (site, offer) = (problem.Seats[seat.Key].Site, problem.Seats[seat.Key].Offer);
            if (site.Energy is not { } energy)
            {
                return null;
            }

            grams += energy.Grams(seat.Count() * offer.Vcpus, problem.View.Now.After(from), until - from);
        }

        return grams;
    }

    /// <summary>Of a course to its end; null: a site does not say what it emits.</summary>
    public static double? Of(PlacementProblem problem, Course course)
    {
        (double At, int[] Assignment)[] parts = [(0, course.Outcome.Assignment), .. course.Later.Select(part => (part.AtSeconds, part.Assignment))];
        var end = course.Outcome.Estimate!.Value.TimeSeconds;
        // One part that is not known leaves the whole unknown.
        return parts.Select((part, i) => Over(problem, part.Assignment, part.At, i + 1 < parts.Length ? parts[i + 1].At : end)).Aggregate((double?)0, (sum, part) => sum + part);
    }
}
