using Federation.Planning.Model;

namespace Federation.Planning.Live;

/// <summary>What all the seats taken cost an hour, at each instant at which a price changes. Does nothing where there is no limit.</summary>
internal sealed class RateUse(CostModel model)
{
    // Sums drift by rounding; prices differ by more.
    private const double Least = 1e-9;

    private readonly double[] perHour = new double[model.Rates.At.Length];

    /// <summary>Empties it.</summary>
    public void Clear() => Array.Clear(perHour);

    /// <summary>Adds a VM's seat, or takes it back; a seat beyond the last is none.</summary>
    public void Add(int seat, int count)
    {
        if (perHour.Length > 0 && seat != model.SeatCount)
        {
            for (var i = 0; i < perHour.Length; i++)
            {
                perHour[i] += count * model.Rates.Of(seat)[i];
            }
        }
    }

    /// <summary>The largest share by which the limit is exceeded within a run of so many seconds, if a VM gave one seat back for another; a seat beyond the last is none. O(changes of a price).</summary>
    public double Excess(double seconds, int from, int to)
    {
        double most = 0;
        for (var i = 0; i < perHour.Length && (i == 0 || model.Rates.At[i] < seconds); i++)
        {
            var over = perHour[i] - PerHour(from, i) + PerHour(to, i) - model.Rates.Most;
            most = over > Least ? Math.Max(most, over / Math.Max(model.Rates.Most, 1)) : most;
        }

        return most;
    }

    private double PerHour(int seat, int change) => seat == model.SeatCount ? 0 : model.Rates.Of(seat)[change];
}
