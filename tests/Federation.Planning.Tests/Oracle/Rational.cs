using System.Globalization;
using System.Numerics;

namespace Federation.Planning.Tests.Oracle;

/// <summary>An exact fraction, so that the oracle has no rounding of its own.</summary>
public readonly struct Rational : IComparable<Rational>
{
    private readonly BigInteger numerator;
    private readonly BigInteger denominator;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        this.numerator = numerator / common;
        this.denominator = denominator / common;
    }

    public static Rational Zero { get; } = 0;

    public static Rational One { get; } = 1;

    public static implicit operator Rational(long value) => new(value, 1);

    /// <summary>The decimal fraction that people write for it: 0.72 is 72/100, not the double nearest to it.</summary>
    public static implicit operator Rational(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var parts = shortest.Contains('E', StringComparison.Ordinal) ? shortest.Split('E') : [shortest, "0"];
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var power = int.Parse(parts[1], CultureInfo.InvariantCulture) - (point < 0 ? 0 : parts[0].Length - point - 1);
        return power >= 0 ? new(digits * BigInteger.Pow(10, power), 1) : new(digits, BigInteger.Pow(10, -power));
    }

    public static implicit operator Rational(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var whole = (((BigInteger)(uint)parts[2] << 64) | ((BigInteger)(uint)parts[1] << 32) | (uint)parts[0]) * (value < 0 ? -1 : 1);
        return new(whole, BigInteger.Pow(10, (parts[3] >> 16) & 0xFF));
    }

    /// <summary>Seconds.</summary>
    public static implicit operator Rational(TimeSpan value) => new(value.Ticks, TimeSpan.TicksPerSecond);

    public static Rational operator +(Rational a, Rational b) =>
        new((a.numerator * b.denominator) + (b.numerator * a.denominator), a.denominator * b.denominator);

    public static Rational operator -(Rational a, Rational b) =>
        new((a.numerator * b.denominator) - (b.numerator * a.denominator), a.denominator * b.denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.numerator * b.numerator, a.denominator * b.denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.numerator * b.denominator, a.denominator * b.numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static Rational Max(Rational a, Rational b) => a > b ? a : b;

    public static Rational Min(Rational a, Rational b) => a < b ? a : b;

    public int CompareTo(Rational other) => (numerator * other.denominator).CompareTo(other.numerator * denominator);

    /// <summary>The least whole number that is not smaller.</summary>
    public Rational Ceiling() => new(-BigInteger.Divide(-numerator - (numerator.Sign > 0 ? denominator - 1 : 0), denominator), 1);

    /// <summary>The nearest double, to its last bits.</summary>
    public double ToDouble()
    {
        // 64 bits of quotient, whatever the size of the two.
        var shift = (int)(numerator.GetBitLength() - denominator.GetBitLength()) - 64;
        var quotient = shift < 0 ? (numerator << -shift) / denominator : numerator / (denominator << shift);
        return Math.ScaleB((double)quotient, shift);
    }

    public override string ToString() => ToDouble().ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Sums of exact fractions.</summary>
public static class RationalSums
{
    public static Rational Sum(this IEnumerable<Rational> values) => values.Aggregate(Rational.Zero, (sum, value) => sum + value);

    public static Rational Largest(this IEnumerable<Rational> values) => values.Aggregate(Rational.Zero, Rational.Max);
}
