using System.Globalization;

namespace Federation.Backtest.Reports;

/// <summary>Maps values onto a stretch of the drawing, with ticks at round figures.</summary>
internal sealed class Scale
{
    private const int TicksWanted = 6;

    private readonly double low;
    private readonly double high;
    private readonly double from;
    private readonly double to;
    private readonly double step;

    /// <summary>A scale that holds some values, widened to round figures.</summary>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="from">Where the least is drawn.</param>
    /// <param name="to">Where the greatest is drawn.</param>
    /// <param name="widen">Whether it may reach beyond the values, to the next tick.</param>
    public Scale(double least, double most, double from, double to, bool widen = true)
    {
        var span = most - least > 0 ? most - least : Math.Max(1, Math.Abs(most));
        step = Round(span / TicksWanted);
        (low, high) = widen ? (Math.Floor(least / step) * step, Math.Ceiling(most / step) * step) : (least, most);
        high = high > low ? high : low + step;
        (this.from, this.to) = (from, to);
    }

    /// <summary>Where a value is drawn.</summary>
    public double this[double value] => from + ((value - low) / (high - low) * (to - from));

    /// <summary>The round figures on it.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            for (var tick = Math.Ceiling(low / step); tick * step <= high + (step * 1e-9); tick++)
            {
                yield return tick * step;
            }
        }
    }

    /// <summary>A tick as text.</summary>
    public string Text(double tick) => tick.ToString(step >= 1 ? "#,0" : "0." + new string('0', (int)Math.Ceiling(-Math.Log10(step))), CultureInfo.InvariantCulture);

    // 1, 2 or 5 times a power of ten.
    private static double Round(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var times = rough / power;
        return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }
}
