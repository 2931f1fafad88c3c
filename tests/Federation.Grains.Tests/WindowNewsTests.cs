using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class WindowNewsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void The_first_report_of_a_window_is_news_and_the_last_one_and_in_between_one_a_second()
    {
        var news = new WindowNews();
        news.Has(1, isComplete: false, Start).ShouldBeTrue();
        news.Told(1, isComplete: false, Start);
        news.Has(1, isComplete: false, Start + TimeSpan.FromSeconds(0.9)).ShouldBeFalse();
        news.Has(1, isComplete: false, Start + TimeSpan.FromSeconds(1)).ShouldBeTrue();
        news.Has(1, isComplete: true, Start).ShouldBeTrue();
        news.Has(2, isComplete: false, Start).ShouldBeTrue();

        news.Told(1, isComplete: true, Start);
        news.Has(1, isComplete: true, Start).ShouldBeFalse();
        news.Has(1, isComplete: true, Start + TimeSpan.FromSeconds(1)).ShouldBeTrue();
    }

    [Fact]
    public void What_was_not_heard_is_said_again()
    {
        var news = new WindowNews();
        news.Has(1, isComplete: true, Start).ShouldBeTrue();
        news.Has(1, isComplete: true, Start).ShouldBeTrue();
    }
}
