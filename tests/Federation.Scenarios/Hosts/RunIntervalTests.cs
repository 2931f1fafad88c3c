using CsCheck;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>What finds two running copies has to find them.</summary>
public sealed class RunIntervalTests
{
    private static readonly Gen<RunInterval> Any =
        Gen.Select(Gen.Int[0, 3], Gen.Long[0, 40], Gen.Long[0, 6]).Select((copy, from, length) => new RunInterval($"copy {copy}", from, from + length));

    [Fact]
    public void Two_copies_that_run_at_once_are_found_and_others_are_not() => Any.Array[0, 12].Where(NoneMeetsItself).Sample(intervals =>
        (RunInterval.Overlap(intervals) is not null).ShouldBe(Enumerable.Range(0, 50).Any(time => At(intervals, time).Distinct().Count() > 1)));

    [Fact]
    public void A_copy_that_begins_when_another_stops_is_no_second_one() =>
        RunInterval.Overlap([new("a", 0, 5), new("b", 5, long.MaxValue)]).ShouldBeNull();

    [Fact]
    public void The_longest_pause_is_that_between_two_runs_and_not_before_the_first() =>
        RunInterval.LongestPause([new("b", 30, 40), new("a", 10, 20), new("a", 45, long.MaxValue)]).ShouldBe(TimeSpan.FromMicroseconds(10));

    private static bool NoneMeetsItself(RunInterval[] intervals) =>
        Enumerable.Range(0, 50).All(time => At(intervals, time).GroupBy(copy => copy).All(copy => copy.Count() == 1));

    private static IEnumerable<string> At(RunInterval[] intervals, long time) =>
        intervals.Where(interval => interval.From <= time && time < interval.To).Select(interval => interval.Copy);
}
