using System.Collections.Immutable;
using System.Numerics;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Quantities;

/// <summary>A unit and how many of the table's smallest one it is.</summary>
public readonly record struct Unit(string Symbol, BigInteger Factor);

/// <summary>The units in which one kind of quantity is written.</summary>
/// <param name="noun">What the quantity is called, with its article.</param>
/// <param name="example">A value that is right.</param>
/// <param name="units">Smallest first.</param>
public sealed class UnitTable(string noun, string example, params ImmutableArray<Unit> units)
{
    // Longer ones are none, and are not repeated.
    private const int LongestSymbol = 20;

    /// <summary>The units, smallest first.</summary>
    public ImmutableArray<Unit> Units => units;

    private string Remedy => $"write {noun} such as {example}, in one of {string.Join(", ", units.Select(unit => unit.Symbol))}";

    /// <summary>A quantity that is not negative, in the table's smallest unit; a bare 0 passes if <paramref name="bareZero"/>.</summary>
    public Reading<ExactNumber> Read(string text, bool bareZero)
    {
        var symbolAt = text.AsSpan().TrimEnd().LastIndexOfAnyInRange('0', '9') + 1;
        var symbol = text[symbolAt..].Trim();
        if (symbol.Length > LongestSymbol)
        {
            return Reading.No<ExactNumber>($"is not {noun}", Remedy);
        }

        if (symbolAt == 0 || !ExactNumber.TryParse(text[..symbolAt].Trim(), out var number))
        {
            return NumberHabits.Explain(text[..symbolAt].Trim(), Reading.No<ExactNumber>($"is not {noun}", Remedy), symbol);
        }

        if (number.Sign < 0)
        {
            return Reading.No<ExactNumber>("is negative", Remedy);
        }

        return InSmallest(number, symbol, bareZero);
    }

    /// <summary>A whole number of the smallest unit, in the largest unit that writes it without a fraction.</summary>
    public string WriteWhole(BigInteger amount, string zero)
    {
        if (amount.IsZero)
        {
            return zero;
        }

        var unit = units.Where(unit => (amount % unit.Factor).IsZero).MaxBy(unit => unit.Factor);
        return $"{amount / unit.Factor}{unit.Symbol}";
    }

    private Reading<ExactNumber> InSmallest(ExactNumber number, string symbol, bool bareZero)
    {
        foreach (var unit in units)
        {
            if (unit.Symbol == symbol)
            {
                return Reading.Of(number.Times(unit.Factor));
            }
        }

        if (symbol.Length > 0)
        {
            return Reading.No<ExactNumber>($"has the unknown unit '{symbol}'", Remedy);
        }

        return bareZero && number.Sign == 0 ? Reading.Of(number) : Reading.No<ExactNumber>("has no unit", Remedy);
    }
}

/// <summary>Units that are powers of ten apart, in which a double is written so that it reads back as the same double.</summary>
/// <param name="units">Symbol and power of ten, smallest first.</param>
public sealed class DecimalUnits(params ImmutableArray<(string Symbol, int Power)> units)
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
