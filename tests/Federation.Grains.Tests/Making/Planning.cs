using Federation.Contracts;
using Federation.Domain.Plans;

namespace Federation.Grains.Tests.Making;

/// <summary>How tests get plans.</summary>
internal static class Planning
{
    /// <summary>Asks for a plan and waits until it is made; null: there is no such application, or there will be no plan.</summary>
    public static async Task<StoredPlan?> Plan(this IPlacementGrain placement, PlanRequest request, CancellationToken cancel)
    {
        if ((await placement.Ask(request)).Id is not { } id)
        {
            return null;
        }

        while (true)
        {
            var job = await placement.Job(id.Number, TimeSpan.FromMinutes(1), cancel);
            if (job is null or { IsOver: true })
            {
                return job?.Plan;
            }
        }
    }
}
