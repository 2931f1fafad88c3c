using System.Globalization;
using System.Text;

namespace Federation.Benchmarks.Measures;

/// <summary>A plot of one line, both axes logarithmic, as SVG.</summary>
public static class LogLogPlot
{
    private const int Width = 640;
    private const int Height = 400;
    private const int Margin = 60;

    /// <summary>Draws points with x from 100 to 10,000 and y from 0.01 to 100 seconds.</summary>
    public static string Of(string title, IReadOnlyList<(int X, double Y)> points)
    {
        var svg = new StringBuilder();
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Margin}\" y=\"24\" font-size=\"14\">{title}</text>");
        foreach (var x in new[] { 100, 1_000, 10_000 })
        {
            Add($"<line x1=\"{X(x):0.#}\" x2=\"{X(x):0.#}\" y1=\"{Margin}\" y2=\"{Height - Margin}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{X(x):0.#}\" y=\"{Height - Margin + 20}\" text-anchor=\"middle\">{x}</text>");
        }

        foreach (var y in new[] { 0.01, 0.1, 1, 10, 100 })
        {
            Add($"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#ddd\"/>");
            Add($"<text x=\"{Margin - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y} s</text>");
        }

        var line = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
        Add($"<polyline fill=\"none\" stroke=\"#0a58ca\" stroke-width=\"2\" points=\"{line}\"/>");
        foreach (var (x, y) in points)
        {
            Add($"<circle cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"4\" fill=\"#0a58ca\"><title>{x} VMs: {y:0.00} s</title></circle>");
        }

        Add($"</svg>");
        return svg.ToString();

        void Add(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static double X(double x) => Margin + (Math.Log10(x / 100) / 2 * (Width - (2 * Margin)));

    private static double Y(double y) => Height - Margin - (Math.Log10(y / 0.01) / 4 * (Height - (2 * Margin)));
}
