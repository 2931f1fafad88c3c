using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Federation.Yaml.Quantities;

/// <summary>A decimal number of any length: <paramref name="Digits"/> x 10^-<paramref name="Scale"/>.</summary>
/// <remarks>
/// Units are applied to it and not to a <see cref="double"/>, so that reading rounds once, at the end, and what a double prints
/// in any decimal unit reads back as that double.
/// </remarks>
public readonly partial record struct ExactNumber(BigInteger Digits, int Scale)
{
    /// <summary>No number that means anything is longer; bounds the work that a hostile text can ask for.</summary>
    private const int LongestText = 60;

    private const int LongestPositional = 24;

    /// <summary>Below, at or above zero.</summary>
    public int Sign => Digits.Sign;

    /// <summary>Reads <c>12</c>, <c>-0.5</c> or <c>1.5e-7</c>.</summary>
    public static bool TryParse(string text, out ExactNumber number)
    {
        number = default;
        var match = text.Length <= LongestText ? Decimal().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        var fraction = match.Groups["fraction"].Value;
        var exponent = match.Groups["exponent"].Value is { Length: > 0 } e ? int.Parse(e, CultureInfo.InvariantCulture) : 0;
        var digits = BigInteger.Parse(match.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        number = new(digits, fraction.Length - exponent);
        return true;
    }

    /// <summary>The shortest number that reads as a double.</summary>
    /// <exception cref="ArgumentException">It is infinite or no number.</exception>
    public static ExactNumber Of(double value) =>
        TryParse(value.ToString("R", CultureInfo.InvariantCulture), out var number)
            ? number
            : throw new ArgumentException($"{value} is no finite number", nameof(value));

    /// <summary>The number times a whole factor.</summary>
    public ExactNumber Times(BigInteger factor) => this with { Digits = Digits * factor };

    /// <summary>The number times 10^<paramref name="power"/>.</summary>
    public ExactNumber Shifted(int power) => this with { Scale = Scale - power };

    /// <summary>The nearest double; infinite if it is too large.</summary>
    public double ToDouble() =>
        double.Parse($"{Digits.ToString(CultureInfo.InvariantCulture)}e{-Scale}", NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The number, if it is whole.</summary>
    public bool TryToWhole(out BigInteger whole)
    {
        if (Scale <= 0)
        {
            whole = Digits * BigInteger.Pow(10, -Scale);
            return true;
        }

        whole = BigInteger.DivRem(Digits, BigInteger.Pow(10, Scale), out var rest);
        return rest.IsZero;
    }

    /// <summary>All digits, as short as they can be written; with an exponent only where that saves a long row of zeros.</summary>
    public override string ToString()
    {
        var sign = Digits.Sign < 0 ? "-" : "";
        var padded = BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture);
        var digits = padded.TrimEnd('0');
        var scale = Scale - (padded.Length - digits.Length);
        if (digits.Length == 0)
        {
            return "0";
        }

        if (Math.Max(digits.Length, scale) - Math.Min(scale, 0) > LongestPositional)
        {
            return $"{sign}{digits}e{-scale}";
        }

        var whole = digits.PadLeft(Math.Max(scale + 1, 0), '0').PadRight(digits.Length - Math.Min(scale, 0), '0');
        return scale > 0 ? $"{sign}{whole[..^scale]}.{whole[^scale..]}" : sign + whole;
    }

    [GeneratedRegex(@"^(?<whole>-?[0-9]+)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]{1,3}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();
}
