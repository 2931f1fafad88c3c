using Federation.Planning.Bounds;
using Federation.Planning.Model;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>What one unit of the integer model is worth. Figures are rounded down to units, so that the model never says more than the truth.</summary>
internal sealed class Scales
{
    private const double MostTimeUnits = 1e6;
    private const double MostRateUnits = 1e6;
    private const double MostMoneyUnits = MostTimeUnits * MostRateUnits;

    // A microsecond: where nothing is left to run.
    private const double Shortest = 1e-6;

    // What is this much dearer than the best known is not worth telling from what is dearer still.
    private const double Dearer = 1.01;

    private readonly double mostMoney;

    /// <summary>Chooses units so that the longest time and the highest rate have about a million of them, and money a million times a million.</summary>
    /// <param name="model">The problem.</param>
    /// <param name="toBeat">The best placement's time, and its cost with what counts besides; null: none is known.</param>
    public Scales(CostModel model, (double Seconds, double Money)? toBeat)
    {
        LeastSeconds = IndependentBound.Seconds(model);
        MostSeconds = Math.Max(LeastSeconds * 1.001, Math.Max(Shortest, Worth.MostSeconds(model, toBeat)));
        PerTimeUnit = MostSeconds / MostTimeUnits;
        Rates = [.. model.Hosting.Select(curve => curve.LeastPerSecond(LeastSeconds, MostSeconds))];
        var most = Worth.MostMoney(model, LeastSeconds, toBeat);
        // Where hosting is nearly free, other money says what a unit is.
        PerRateUnit = Math.Max(model.Choices.Sum(choice => choice.Seats.Max(seat => Rates[seat])) / MostRateUnits, most / MostMoneyUnits / PerTimeUnit);
        mostMoney = Math.Floor(most * Dearer / PerMoneyUnit) + 1;
    }

    /// <summary>The run takes at least so long.</summary>
    public double LeastSeconds { get; }

    /// <summary>No placement that is worth anything takes longer.</summary>
    public double MostSeconds { get; }

    /// <summary>Seconds of a unit of time.</summary>
    public double PerTimeUnit { get; }

    /// <summary>Currency per second of a unit of rate.</summary>
    public double PerRateUnit { get; }

    /// <summary>Currency of a unit of money: what a unit of rate costs in a unit of time.</summary>
    public double PerMoneyUnit => PerRateUnit * PerTimeUnit;

    /// <summary>By how much each seat's bill rises at least with every second beyond the least.</summary>
    public double[] Rates { get; }

    /// <summary>Seconds in units, rounded down.</summary>
    public long Time(double seconds) => Down(seconds / PerTimeUnit);

    /// <summary>A rate in units, rounded down.</summary>
    public long Rate(double perSecond) => Down(perSecond / PerRateUnit);

    /// <summary>Money in units, rounded down; what is out of the question counts as a little more than what is not.</summary>
    public long Money(double money) => Down(Math.Min(money / PerMoneyUnit, mostMoney));

    private static long Down(double units) => (long)Math.Floor(Math.Min(units, 1e15));
}
