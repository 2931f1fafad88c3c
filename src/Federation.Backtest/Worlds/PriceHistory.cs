using Federation.Backtest.Scenarios;
using Federation.Domain.Sites;

namespace Federation.Backtest.Worlds;

/// <summary>Makes price histories that wander and come back.</summary>
internal static class PriceHistory
{
    private const int DecimalsOfPrice = 6;

    /// <summary>A history around another, whose mean over time is about that one's.</summary>
    /// <remarks>
    /// ln(price / base) = x - volatility^2 / 2, with x(t + step) = x(t) e^(-step / reversion) + volatility sqrt(1 - e^(-2 step / reversion)) N(0, 1),
    /// and x(start) drawn from the long run. Source: Ornstein and Uhlenbeck, Phys. Rev. 36, 1930.
    /// </remarks>
    /// <param name="around">What the file says.</param>
    /// <param name="model">How it moves.</param>
    /// <param name="start">The first instant.</param>
    /// <param name="end">From here on the last price holds.</param>
    /// <param name="random">Its chance.</param>
    public static PriceSchedule Around(PriceSchedule around, PriceModel model, DateTimeOffset start, DateTimeOffset end, Random random)
    {
        var kept = Math.Exp(-model.Step / model.Reversion);
        var added = model.Volatility * Math.Sqrt(1 - (kept * kept));
        var deviation = model.Volatility * random.NextNormal();
        var entries = new List<PriceEntry>();
        for (var instant = start; instant < end; instant += model.Step)
        {
            if (around.At(instant) is { } price)
            {
                var factor = Math.Exp(deviation - (model.Volatility * model.Volatility / 2));
                entries.Add(new(instant, Math.Round(price * (decimal)factor, DecimalsOfPrice)));
            }

            deviation = (deviation * kept) + (added * random.NextNormal());
        }

        return entries.Count == 0 ? around : new(entries);
    }
}
