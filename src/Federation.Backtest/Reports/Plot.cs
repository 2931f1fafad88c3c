using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Federation.Backtest.Results;

namespace Federation.Backtest.Reports;

/// <summary>One drawing with axes, units and a legend, as SVG. Every method adds to it.</summary>
internal sealed class Plot
{
    private const int Width = 900;
    private const int Height = 340;
    private const int Left = 76;
    private const int Right = 16;
    private const int Top = 18;
    private const int Bottom = 46;
    private const int LegendStep = 22;
    private const double BarShare = 0.62;

    private readonly StringBuilder svg = new();
    private readonly List<(string Name, string Colour)> legend = [];
    private readonly Scale across;
    private readonly Scale up;

    private Plot(Scale across, Scale up, string acrossUnit, string upUnit, bool ticksAcross)
    {
        (this.across, this.up) = (across, up);
        foreach (var tick in up.Ticks)
        {
            Line(Left, up[tick], Width - Right, up[tick], tick == 0 ? "zero" : "grid");
            Text(Left - 8, up[tick] + 4, up.Text(tick), "end");
        }

        foreach (var tick in ticksAcross ? across.Ticks : [])
        {
            Line(across[tick], Height - Bottom, across[tick], Height - Bottom + 5, "axis");
            Text(across[tick], Height - Bottom + 18, across.Text(tick), "middle");
        }

        Line(Left, Height - Bottom, Width - Right, Height - Bottom, "axis");
        Text((Left + Width - Right) / 2.0, Height - 8, acrossUnit, "middle", "unit");
        Add($"<text class=\"unit\" text-anchor=\"middle\" transform=\"translate(16 {N((Top + Height - Bottom) / 2.0)}) rotate(-90)\">{E(upUnit)}</text>");
    }

    /// <summary>Lines over days.</summary>
    /// <param name="days">Where each value is.</param>
    /// <param name="series">The lines.</param>
    /// <param name="unit">What their values are.</param>
    /// <param name="fromZero">Whether 0 has to be on the scale.</param>
    public static string Lines(ImmutableArray<double> days, IReadOnlyList<NamedSeries> series, string unit, bool fromZero)
    {
        var values = series.SelectMany(line => line.Values).OfType<double>().DefaultIfEmpty(0).ToList();
        var plot = Over(days, fromZero ? Math.Min(0, values.Min()) : values.Min(), fromZero ? Math.Max(0, values.Max()) : values.Max(), unit);
        // The first is drawn last: where lines meet, it is the one to be seen.
        foreach (var (index, line) in series.Index().Reverse())
        {
            plot.Draw(days, line, Palette.Of(index));
        }

        plot.legend.AddRange(series.Index().Select(line => (line.Item.Name, Palette.Of(line.Index))));
        return plot.ToString();
    }

    /// <summary>Areas one above the other, over days.</summary>
    public static string Areas(ImmutableArray<double> days, IReadOnlyList<NamedSeries> series, string unit)
    {
        var sums = new double[days.Length];
        var most = Enumerable.Range(0, days.Length).Max(day => series.Sum(line => line.Values[day] ?? 0));
        var plot = Over(days, 0, most, unit);
        foreach (var (index, line) in series.Index())
        {
            var below = sums.ToArray();
            for (var day = 0; day < sums.Length; day++)
            {
                sums[day] += line.Values[day] ?? 0;
            }

            plot.Fill(days, below, sums, line.Name, Palette.Of(index));
        }

        return plot.ToString();
    }

    /// <summary>Bars of several parts each.</summary>
    /// <param name="bars">Their names.</param>
    /// <param name="parts">The parts; one value for each bar.</param>
    /// <param name="unit">What the values are.</param>
    public static string Bars(IReadOnlyList<string> bars, IReadOnlyList<NamedSeries> parts, string unit)
    {
        var most = Enumerable.Range(0, bars.Count).Max(bar => parts.Sum(part => part.Values[bar] ?? 0));
        var across = new Scale(0, bars.Count, Left, Width - Right, widen: false);
        var plot = new Plot(across, new Scale(0, most, Height - Bottom, Top), "", unit, ticksAcross: false);
        for (var bar = 0; bar < bars.Count; bar++)
        {
            plot.Stack(bar, bars[bar], parts);
        }

        plot.legend.AddRange(parts.Index().Select(part => (part.Item.Name, Palette.Of(part.Index))));
        return plot.ToString();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var rows = new StringBuilder();
        double x = Left;
        var row = 0;
        foreach (var (name, colour) in legend)
        {
            var width = 30 + (name.Length * 7.2);
            if (x + width > Width - Right)
            {
                (x, row) = (Left, row + 1);
            }

            var y = Height + 6 + (row * LegendStep);
            rows.Append(CultureInfo.InvariantCulture, $"<rect x=\"{N(x)}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
            rows.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(x + 18)}\" y=\"{y + 11}\">{E(name)}</text>");
            x += width;
        }

        return $"<svg viewBox=\"0 0 {Width} {Height + ((row + 1) * LegendStep) + 6}\" role=\"img\">{svg}{rows}</svg>";
    }

    private static Plot Over(ImmutableArray<double> days, double least, double most, string unit) => new(
        new Scale(0, days[^1], Left, Width - Right, widen: false), new Scale(least, most, Height - Bottom, Top), "days from the start", unit, true);

    private void Draw(ImmutableArray<double> days, NamedSeries line, string colour)
    {
        var path = new StringBuilder();
        for (var day = 0; day < days.Length; day++)
        {
            if (line.Values[day] is { } value)
            {
                path.Append(path.Length == 0 ? 'M' : 'L').Append(N(across[days[day]])).Append(' ').Append(N(up[value]));
            }
        }

        Add($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"><title>{E(line.Name)}</title></path>");
    }

    private void Fill(ImmutableArray<double> days, double[] below, double[] above, string name, string colour)
    {
        var there = string.Join('L', days.Select((day, i) => $"{N(across[day])} {N(up[above[i]])}"));
        var back = string.Join('L', days.Select((day, i) => $"{N(across[day])} {N(up[below[i]])}").Reverse());
        Add($"<path d=\"M{there}L{back}Z\" fill=\"{colour}\" fill-opacity=\"0.85\"><title>{E(name)}</title></path>");
        legend.Add((name, colour));
    }

    private void Stack(int bar, string name, IReadOnlyList<NamedSeries> parts)
    {
        var (x, width) = (across[bar + ((1 - BarShare) / 2)], across[BarShare] - across[0]);
        double sum = 0;
        foreach (var (index, part) in parts.Index())
        {
            var (value, below) = (part.Values[bar] ?? 0, sum);
            sum += value;
            Add($"<rect x=\"{N(x)}\" y=\"{N(up[sum])}\" width=\"{N(width)}\" height=\"{N(up[below] - up[sum])}\" fill=\"{Palette.Of(index)}\">"
                + $"<title>{E(part.Name)} {N(value)}</title></rect>");
        }

        Text(x + (width / 2), up[sum] - 5, sum.ToString("#,0.0", CultureInfo.InvariantCulture), "middle");
        Text(x + (width / 2), Height - Bottom + 18, name, "middle");
    }

    private void Line(double x1, double y1, double x2, double y2, string kind) =>
        Add($"<line class=\"{kind}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    private void Text(double x, double y, string text, string anchor, string kind = "tick") =>
        Add($"<text class=\"{kind}\" x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\">{E(text)}</text>");

    private void Add(string element) => svg.Append(element);

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>Colours that people with any colour vision can tell apart. Source: Okabe and Ito, 2008.</summary>
internal static class Palette
{
    private static readonly string[] Colours =
        ["#0072b2", "#777777", "#d55e00", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#b8a800", "#332288", "#000000"];

    /// <summary>The colour of the nth thing.</summary>
    public static string Of(int index) => Colours[index % Colours.Length];
}
