using Federation.Host.Reporting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Reporting;

public sealed class ReportTimesTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task What_happens_is_told_at_once()
    {
        var times = new ReportTimes(clock);
        var next = times.Next(TestContext.Current.CancellationToken);
        next.IsCompleted.ShouldBeFalse();

        times.Now();

        await next;
    }

    [Fact]
    public async Task At_rest_a_report_is_due_after_10_seconds()
    {
        var times = new ReportTimes(clock);
        var next = times.Next(TestContext.Current.CancellationToken);
        next.IsCompleted.ShouldBeFalse();

        clock.Advance(ReportTimes.AtRest);

        await next;
    }

    [Fact]
    public async Task Progress_alone_is_told_once_a_second()
    {
        var times = new ReportTimes(clock);
        clock.Advance(ReportTimes.OfProgress);
        times.Soon();
        await times.Next(TestContext.Current.CancellationToken);
        times.Soon();
        times.Soon();
        var next = times.Next(TestContext.Current.CancellationToken);
        next.IsCompleted.ShouldBeFalse();

        clock.Advance(ReportTimes.OfProgress);

        await next;
        times.Next(TestContext.Current.CancellationToken).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task What_happens_while_a_report_is_under_way_makes_another_one()
    {
        var times = new ReportTimes(clock);
        times.Now();
        await times.Next(TestContext.Current.CancellationToken);

        times.Now();

        await times.Next(TestContext.Current.CancellationToken);
    }
}
