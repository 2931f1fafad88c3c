using System.Collections.Immutable;
using Federation.Sites.Scalars;

namespace Federation.Sites.SiteFiles;

/// <summary>Days of the week: <c>sat</c>, <c>mon,wed,fri</c>, <c>mon-fri</c>, <c>fri-mon</c> (over the weekend).</summary>
internal static class DaysOfWeek
{
    private const int DaysInWeek = 7;
    private static readonly string[] Words = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>At least one day.</summary>
    public static ScalarType<ImmutableSortedSet<DayOfWeek>> Type { get; } = new(Read);

    /// <summary>The days one by one, from Monday on.</summary>
    public static string Write(IEnumerable<DayOfWeek> days) =>
        string.Join(',', days.OrderBy(SinceMonday).Select(day => Words[(int)day]));

    private static int SinceMonday(DayOfWeek day) => ((int)day + DaysInWeek - 1) % DaysInWeek;

    private static Reading<ImmutableSortedSet<DayOfWeek>> Read(string text)
    {
        var days = ImmutableSortedSet.CreateBuilder<DayOfWeek>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-').Select(end => Array.IndexOf(Words, end.Trim())).ToArray();
            if (ends.Length > 2 || ends.Contains(-1))
            {
                return Reading.No<ImmutableSortedSet<DayOfWeek>>("names no days", "write e.g. mon-fri or sat,sun");
            }

            var length = (ends[^1] - ends[0] + DaysInWeek) % DaysInWeek;
            days.UnionWith(Enumerable.Range(ends[0], length + 1).Select(day => (DayOfWeek)(day % DaysInWeek)));
        }

        return Reading.Of(days.ToImmutable());
    }
}
