using Federation.Domain.Applications;
using Federation.Planning.Model;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>How long a placement may take, and what it may cost, before it is out of the question.</summary>
internal static class Worth
{
    // A billionth of the currency: where everything is free.
    private const double LeastMoney = 1e-9;

    /// <summary>No placement that holds the limits and is as good as the best known takes longer, in seconds.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="toBeat">The best placement's time, and its cost with what counts besides; null: none is known.</param>
    public static double MostSeconds(CostModel model, (double Seconds, double Money)? toBeat) =>
        Math.Min(WorstSeconds(model), Usable(model, toBeat));

    /// <summary>
    /// The most that such a placement costs, in currency; without any limit and with nothing known more than any placement does. More than zero.
    /// </summary>
    /// <param name="model">The problem.</param>
    /// <param name="leastSeconds">The run takes at least so long.</param>
    /// <param name="toBeat">As above.</param>
    public static double MostMoney(CostModel model, double leastSeconds, (double Seconds, double Money)? toBeat)
    {
        var most = model.Limits.Money + model.MostPreference;
        if (model.Problem.View.Application.Objective == Objective.Cost && toBeat is { } best)
        {
            most = Math.Min(most, best.Money);
        }

        return Math.Max(LeastMoney, double.IsFinite(most) ? most : Dearest(model, leastSeconds));
    }

    // Every VM at its dearest seat, every byte over the dearest link.
    private static double Dearest(CostModel model, double seconds)
    {
        double money = 0, bytes = 0;
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            money += model.Candidates[vm].Max(seat =>
                model.Hosting[seat].LeastBill(seconds, model.Arrives(vm, model.SiteOf[seat])) + model.Fixed(vm, seat) + model.Preference(vm, model.SiteOf[seat]));
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                bytes += edge.Sent.Bytes;
            }
        }

        var sites = Enumerable.Range(0, model.SiteCount).ToArray();
        return money + sites.Max(from => sites.Max(to => model.Links.Exists(from, to) ? model.Links.Money(new(0, bytes), from, to) : 0));
    }

    // What is longer than the best placement's time, or costs more than its cost by its hosting alone, is not looked for.
    private static double Usable(CostModel model, (double Seconds, double Money)? toBeat)
    {
        var most = model.Limits.Seconds;
        if (toBeat is not { } best)
        {
            return most;
        }

        if (model.Problem.View.Application.Objective == Objective.Time)
        {
            return Math.Min(most, best.Seconds);
        }

        if (model.Problem.View.Application.Objective != Objective.Cost)
        {
            return most;
        }

        var (low, high) = (best.Seconds, Math.Max(best.Seconds, 1));
        while (LeastBill(model, high) <= best.Money && high < most && high < 1e12)
        {
            high *= 2;
        }

        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = LeastBill(model, middle) <= best.Money ? (middle, high) : (low, middle);
        }

        return Math.Min(most, high);
    }

    private static double LeastBill(CostModel model, double seconds) => model.Choices.Select((choice, vm) =>
        choice.Seats.Min(seat => model.Hosting[seat].Bill(seconds, model.Arrives(vm, model.SiteOf[seat])))).Sum();

    // All that a VM at a site exchanges with endpoints, over one link after another.
    private static double Exchanging(CostModel model, int vm, int site) => model.Problem.Endpoints.Of[vm].Where(flow => flow.Site != site).Sum(flow =>
        (flow.Sends ? model.Links.BusySeconds(flow.Sent.BytesPerSecond, (site * model.SiteCount) + flow.Site) : 0)
        + (flow.Receives ? model.Links.BusySeconds(flow.Received.BytesPerSecond, (flow.Site * model.SiteCount) + site) : 0));

    private static double WorstSeconds(CostModel model)
    {
        double worst = 0, crossing = 0, downtime = 0;
        var sites = Enumerable.Range(0, model.SiteCount).ToArray();
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            double receiving = 0;
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                var received = edge.Received;
                receiving += sites.Max(from => sites.Max(to => model.Links.Exists(from, to) ? model.Links.ReceiveSeconds(received, from, to) : 0));
            }

            worst = Math.Max(worst, model.Candidates[vm].Max(seat => model.RunAlone(vm, seat)) + receiving);
            crossing += receiving + model.CandidateSites[vm].Max(site => Exchanging(model, vm, site));
            downtime += model.Candidates[vm].Max(seat => model.Downtime(vm, seat));
        }

        return Math.Max(worst, crossing) + downtime;
    }
}
