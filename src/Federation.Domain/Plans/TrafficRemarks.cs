using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>What a plan says of the traffic that it was made from, where that is less than its reader would take it to be.</summary>
internal static class TrafficRemarks
{
    /// <summary>The remarks on a view's traffic; none where it is new and of all VMs, or was given as what goes on.</summary>
    public static IEnumerable<PlanReason> Of(PlacementView view)
    {
        if (view.TrafficKnown is not { } known)
        {
            yield break;
        }

        if (known.Until is not { } until)
        {
            yield return new PlanReason.NoTraffic();
            yield break;
        }

        if (known.OldAt(view.Now) is { } age)
        {
            yield return new PlanReason.OldTraffic(until, age.TotalSeconds);
        }

        if (!known.Unknown.IsEmpty)
        {
            yield return new PlanReason.UnknownTraffic(NameList.Of(known.Unknown));
        }
    }
}
