using Federation.Sensor.Live;
using Shouldly;

namespace Federation.Sensor.Tests.Live;

/// <summary>Sums tallies, slowly, and compares them whatever their order.</summary>
public static class Tallies
{
    public static Dictionary<FrameTally, (long Packets, long Bytes)> Sum(IEnumerable<FrameTally> tallies) => tallies
        .GroupBy(tally => tally with { Packets = 0, Bytes = 0 })
        .ToDictionary(group => group.Key, group => (group.Sum(one => one.Packets), group.Sum(one => one.Bytes)));

    /// <summary>The tallies have to say what these say together, no more and no less.</summary>
    public static void ShouldSay(this IEnumerable<FrameTally> tallies, IEnumerable<FrameTally> expected)
    {
        var said = Sum(tallies);
        var right = Sum(expected);
        said.Except(right).ShouldBeEmpty("counted, and should not be");
        right.Except(said).ShouldBeEmpty("should be counted, and is not");
    }
}
