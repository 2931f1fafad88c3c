using System.Collections.Immutable;

namespace Federation.Sites.Quantities;

/// <summary>Units that are powers of ten apart, in which a double is written so that it reads back as the same double.</summary>
/// <param name="units">Symbol and power of ten, smallest first.</param>
internal sealed class DecimalUnits(params ImmutableArray<(string Symbol, int Power)> units)
{
    /// <summary>In the largest unit of which there is at least one, or else the smallest.</summary>
    /// <param name="value">In the unit of power 0; finite.</param>
    /// <param name="zero">How to write 0.</param>
    public string Write(double value, string zero)
    {
        if (value == 0)
        {
            return zero;
        }

        var unit = units.LastOrDefault(unit => Math.Abs(value) >= Math.Pow(10, unit.Power), units[0]);
        return $"{ExactNumber.Of(value).Shifted(-unit.Power)}{unit.Symbol}";
    }
}
