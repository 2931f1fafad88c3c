using System.Xml.Linq;
using Federation.Backtest.Reports;
using Federation.Backtest.Results;
using Shouldly;
using Xunit;

namespace Federation.Backtest.Tests.Reports;

public sealed class HtmlReportTests
{
    private static readonly BacktestResult Result = Backtests.Run(
        (Shipped.Named("quick") with { Length = TimeSpan.FromHours(20) }).WithApplications(2), new(), null, CancellationToken.None);

    [Fact]
    public void The_report_holds_five_plots_and_a_row_for_each_policy_and_refers_to_nothing_outside()
    {
        var html = HtmlReport.Of(Result);
        var root = XDocument.Parse(html[(html.IndexOf('\n') + 1)..].Replace("<meta charset=\"utf-8\">", "")).Root!;

        root.Descendants("svg").Count().ShouldBe(5);
        root.Descendants("tbody").ShouldAllBe(body => body.Elements("tr").Count() == Result.Policies.Length);
        root.DescendantsAndSelf().Attributes().Select(attribute => attribute.Value).ShouldAllBe(value => !value.Contains("://"));
    }

    [Fact]
    public void Every_drawn_figure_is_within_the_drawing()
    {
        var html = HtmlReport.Of(Result);
        html.ShouldNotContain("NaN");
        html.ShouldNotContain("Infinity");
    }

    [Fact]
    public void Savings_are_measured_against_never_moving_and_regret_against_hindsight()
    {
        var never = Result.Policies.Single(policy => policy.Policy == "never");
        var hindsight = Result.Policies.Single(policy => policy.Policy == "hindsight");
        (never.GrossSaving, never.NetSaving, hindsight.Regret).ShouldBe((0, 0, 0));
        Result.Policies.ShouldAllBe(policy => Math.Abs(policy.Cost - (never.Cost - policy.NetSaving)) < 1e-9);
        Result.Series.CostByPolicy.Zip(Result.Policies).ShouldAllBe(pair => Math.Abs(pair.First.Values.Last()!.Value - pair.Second.Cost) < 1e-6);
    }
}
