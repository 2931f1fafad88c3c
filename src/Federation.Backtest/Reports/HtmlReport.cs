using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Federation.Backtest.Policies;
using Federation.Backtest.Results;

namespace Federation.Backtest.Reports;

/// <summary>A backtest as one HTML file that needs nothing else: no script, no font, no other file.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light; }
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #1c2330; background: #f5f6f8; margin: 0; }
        main { max-width: 980px; margin: 0 auto; padding: 28px 24px 60px; }
        h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 34px 0 8px; } p { margin: 4px 0 10px; }
        .lead { color: #566; } figure { background: #fff; border: 1px solid #dde1e7; border-radius: 8px; margin: 0; padding: 12px 14px 8px; }
        figcaption { color: #566; font-size: 13.5px; margin: 4px 0 2px; }
        table { border-collapse: collapse; background: #fff; border: 1px solid #dde1e7; border-radius: 8px; width: 100%; font-size: 14px; }
        th, td { padding: 6px 9px; text-align: right; border-bottom: 1px solid #eceff3; font-variant-numeric: tabular-nums; }
        th { color: #566; font-weight: 600; } th:first-child, td:first-child { text-align: left; } tr.ours td { font-weight: 600; background: #eef5fb; }
        svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: #334; } svg text.tick { fill: #566; }
        svg text.unit { fill: #566; font-size: 12.5px; } svg .grid { stroke: #e6e9ee; } svg .axis, svg .zero { stroke: #8a94a3; }
        dt { font-weight: 600; } dd { margin: 0 0 6px; color: #445; }
        """;

    /// <summary>The file's text.</summary>
    public static string Of(BacktestResult result)
    {
        var html = new StringBuilder();
        html.Append($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Backtest: {E(result.Scenario)}</title>");
        html.Append($"<style>{Style}</style></head><body><main>\n");
        html.Append($"<h1>Backtest: {E(result.Scenario)}</h1><p class=\"lead\">{E(Lead(result))}</p>\n<p>{E(Summary(result))}</p>\n");
        AddMoney(html, result);
        AddTime(html, result);
        AddPlots(html, result);
        html.Append("<h2>Policies</h2><dl>");
        foreach (var policy in result.Policies)
        {
            html.Append($"<dt>{E(policy.Policy)}</dt><dd>{E(policy.Description)}</dd>");
        }

        return html.Append("</dl></main></body></html>\n").ToString();
    }

    private static string Lead(BacktestResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Days:0.##} days from {result.Start.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {result.Applications} applications with {result.Vms} VMs, seed {result.Seed}");

    private static string Summary(BacktestResult result)
    {
        var ours = result.Policies.Single(policy => policy.Policy == MovingPolicies.Ours);
        var never = result.Policies.Single(policy => policy.Policy == MovingPolicies.Never);
        var any = result.Policies.Single(policy => policy.Policy == MovingPolicies.AnySaving);
        var share = never.Cost > 0 ? ours.NetSaving / never.Cost : 0;
        var text = $"Ours costs {Money(ours.Cost)} {result.Currency}, {Percent(Math.Abs(share))} {(share < 0 ? "more" : "less")} than never moving, "
            + $"with {ours.Moves} moves.";
        return any.GrossSaving > 0 && ours.GrossSaving > 0 && any.Moves > 0
            ? $"{text} It has {Percent(ours.GrossSaving / any.GrossSaving)} of the gross saving of taking any saving, "
                + $"with {Percent((double)ours.Moves / any.Moves)} of its moves."
            : text;
    }

    private static void AddMoney(StringBuilder html, BacktestResult result)
    {
        html.Append($"<h2>Money, in {E(result.Currency)}</h2>");
        AddTable(html, result, ["policy", "hosting", "traffic", "moving", "cost", "gross saving", "net saving", "regret"], policy =>
        [
            Money(policy.Hosting), Money(policy.Traffic), Money(policy.Moving), Money(policy.Cost), Money(policy.GrossSaving),
            Money(policy.NetSaving), policy.Regret is { } regret ? Percent(regret) : "",
        ]);
        html.Append("<p class=\"lead\">Gross saving: hosting and traffic, against never moving. Net saving: with moving. Regret: cost against hindsight.</p>");
        AddFigure(html, "What each policy paid for", Plot.Bars([.. result.Policies.Select(policy => policy.Policy)],
        [
            Part("hosting", result, policy => policy.Hosting),
            Part("traffic", result, policy => policy.Traffic),
            Part("moving", result, policy => policy.Moving),
        ], result.Currency));
    }

    private static void AddTime(StringBuilder html, BacktestResult result)
    {
        html.Append("<h2>Time and moves</h2>");
        AddTable(html, result, ["policy", "hours", "stretch", "paused hours", "finished", "moves", "forced", "sent, GB", "downtime, s", "returns"], policy =>
        [
            F(policy.Hours, "#,0.0"), F(policy.Stretch, "0.000"), F(policy.PausedHours, "0.0"), $"{policy.Finished}", $"{policy.Moves}",
            $"{policy.ForcedMoves}", F(policy.MovedBytes / 1e9, "#,0.0"), F(policy.DowntimeSeconds, "0.0"), $"{policy.Returns}",
        ]);
        html.Append("<p class=\"lead\">Hours: from arrival to end, all applications. Stretch: those over the work on the reference core. ");
        html.Append("Returns: moves back to a site within the cool-down of leaving it.</p>");
    }

    private static void AddPlots(StringBuilder html, BacktestResult result)
    {
        var series = result.Series;
        var never = series.CostByPolicy.Single(line => line.Name == MovingPolicies.Never);
        html.Append("<h2>Over time</h2>");
        AddFigure(html, "Saved against never moving, up to each moment", Plot.Lines(series.Days, [.. series.CostByPolicy.Select(line =>
            line with { Values = [.. line.Values.Zip(never.Values, (cost, base_) => base_ - cost)] })], result.Currency, fromZero: true));
        html.Append("<p></p>");
        AddFigure(html, "Moves up to each moment", Plot.Lines(series.Days, [.. series.MovesByPolicy.Select(RunningTotal)], "VMs moved", fromZero: true));
        html.Append("<p></p>");
        AddFigure(html, "Where VMs are, under ours", Plot.Areas(series.Days, series.VmsBySite, "VMs"));
        html.Append("<p></p>");
        AddFigure(html, "The lowest price of each site", Plot.Lines(series.Days, series.Prices, $"{result.Currency} per vCPU and hour", fromZero: true));
    }

    private static NamedSeries RunningTotal(NamedSeries line)
    {
        double total = 0;
        return line with { Values = [.. line.Values.Select(value => (double?)(total += value ?? 0))] };
    }

    private static NamedSeries Part(string name, BacktestResult result, Func<PolicyResult, double> value) =>
        new(name, [.. result.Policies.Select(policy => (double?)value(policy))]);

    private static void AddFigure(StringBuilder html, string caption, string svg) =>
        html.Append($"<figure><figcaption>{E(caption)}</figcaption>{svg}</figure>\n");

    private static void AddTable(StringBuilder html, BacktestResult result, ImmutableArray<string> head, Func<PolicyResult, string[]> cells)
    {
        html.Append("<table><thead><tr>").AppendJoin("", head.Select(cell => $"<th>{E(cell)}</th>")).Append("</tr></thead><tbody>");
        foreach (var policy in result.Policies)
        {
            html.Append(policy.Policy == MovingPolicies.Ours ? "<tr class=\"ours\">" : "<tr>");
            html.AppendJoin("", cells(policy).Prepend(policy.Policy).Select(cell => $"<td>{E(cell)}</td>")).Append("</tr>");
        }

        html.Append("</tbody></table>\n");
    }

    private static string Money(double amount) => F(amount, "#,0.00");

    private static string Percent(double share) => F(share * 100, "0.0") + " %";

    private static string F(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
