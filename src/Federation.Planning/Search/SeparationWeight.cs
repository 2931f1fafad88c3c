using Federation.Domain.Applications;
using Federation.Planning.Model;

namespace Federation.Planning.Search;

/// <summary>What it costs, about, to have two VMs at two sites: over the mean link, in the objective's own unit.</summary>
internal sealed class SeparationWeight
{
    private readonly double perByte;
    private readonly double perWait;

    /// <summary>Averages the links between candidate sites.</summary>
    public SeparationWeight(CostModel model)
    {
        double wait = 0, seconds = 0, money = 0;
        var links = 0;
        for (var from = 0; from < model.SiteCount; from++)
        {
            for (var to = 0; to < model.SiteCount; to++)
            {
                if (from != to && model.Links.Exists(from, to))
                {
                    wait += model.Links.ReceiveSeconds(new(1, 0), from, to);
                    seconds += model.Links.ReceiveSeconds(new(0, 1), from, to);
                    money += model.Links.Money(new(0, 1), from, to);
                    links++;
                }
            }
        }

        // A VM that waits keeps itself, and often all others, waiting.
        var second = model.Problem.View.Application.Objective == Objective.Time ? 1 : PerSecond(model);
        links = Math.Max(links, 1);
        perByte = ((seconds * second) + money) / links;
        perWait = wait * second / links;
    }

    /// <summary>The weight of an exchange.</summary>
    public double Of(in Edge edge) =>
        ((edge.Sent.Bytes + edge.Received.Bytes) * perByte) + ((edge.Sent.Waits + edge.Received.Waits) * perWait);

    private static double PerSecond(CostModel model)
    {
        var prices = model.Hosting.Select(curve => curve.PerSecondNow).Where(double.IsFinite).Order().ToArray();
        return prices.Length == 0 ? 1 : Math.Max(prices[prices.Length / 2], 1e-9);
    }
}
