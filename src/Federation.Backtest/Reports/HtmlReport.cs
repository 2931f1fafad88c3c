using Federation.Backtest.Results;

namespace Federation.Backtest.Reports;

/// <summary>A backtest as one HTML file that needs nothing else.</summary>
public static class HtmlReport
{
    /// <summary>The file's text.</summary>
    public static string Of(BacktestResult result) => $"<!doctype html><title>{result.Scenario}</title>";
}
