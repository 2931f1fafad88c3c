using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Ingest;

/// <summary>Whose budget windows are taken from: that of who proved to be it, whatever a batch says of itself.</summary>
/// <param name="Sender">The sensor's name; of anybody else the caller's.</param>
/// <param name="ReportsAs">The sensor that somebody reports for who is none, as one who replays captures; null: the sender is the sensor.</param>
internal readonly record struct BudgetKey(string Sender, string? ReportsAs);

/// <summary>How many windows each sensor may still send: a token bucket a sensor, full at first.</summary>
internal sealed class SensorBudgets(IOptions<ServiceOptions> options, TimeProvider clock)
{
    private const int MostSensorsKept = 10_000;

    private readonly Dictionary<BudgetKey, (double Left, long At)> spent = [];
    private readonly Lock gate = new();

    private double Burst => options.Value.SensorBurstWindows;

    private double PerSecond => options.Value.SensorWindowsPerSecond;

    /// <summary>Takes windows off a sensor's budget: null; or tells how long it has to wait until there is enough, and takes none.</summary>
    public TimeSpan? Spend(BudgetKey sensor, int windows)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var left = spent.TryGetValue(sensor, out var last) ? Refilled(last, now) : Burst;

            // A batch above the burst would never pass; it may once the bucket is full.
            var price = Math.Min(windows, Burst);
            if (left < price)
            {
                return TimeSpan.FromSeconds((price - left) / PerSecond);
            }

            spent[sensor] = (left - price, now);
            Forget(now);
            return null;
        }
    }

    private double Refilled((double Left, long At) bucket, long now) =>
        Math.Min(Burst, bucket.Left + (clock.GetElapsedTime(bucket.At, now).TotalSeconds * PerSecond));

    // A full bucket and none are the same. If none is full, the fullest half goes: names are cheap to invent.
    private void Forget(long now)
    {
        if (spent.Count > MostSensorsKept)
        {
            foreach (var sensor in spent.OrderByDescending(entry => Refilled(entry.Value, now)).Take(MostSensorsKept / 2).ToList())
            {
                spent.Remove(sensor.Key);
            }
        }
    }
}
