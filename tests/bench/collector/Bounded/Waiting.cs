using System.Globalization;

namespace Federation.Collector.Bench.Bounded;

/// <summary>Re-evaluations that wait, as the silos' metrics tell.</summary>
internal static class Waiting
{
    private const string Gauge = "federation_reevaluations_waiting";

    /// <summary>All silos' together; null: they do not tell.</summary>
    public static async Task<double?> Of(World world)
    {
        double? waiting = null;
        foreach (var silo in world.Operator)
        {
            var text = await silo.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            foreach (var line in text.Split('\n').Where(line => line.StartsWith(Gauge, StringComparison.Ordinal)))
            {
                waiting = (waiting ?? 0) + double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }
        }

        return waiting;
    }
}
