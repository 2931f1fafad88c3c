using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.SiteFiles;

/// <summary>Reads what a site's administrator allows.</summary>
internal static class PolicyReader
{
    /// <summary>The policy; one that allows everything if there is none.</summary>
    public static SitePolicy Read(Section? policy)
    {
        if (policy is null)
        {
            return new SitePolicy();
        }

        policy.RefuseEmpty("tenants", "write [\"*\"], or leave it out, if anyone may come");
        policy.RefuseEmpty("arrivals", "leave it out if VMs may arrive at any time");
        policy.RefuseEmpty("departures", "leave it out if VMs may leave at any time");
        var migrations = policy.Inner("migrations", SiteShapes.Migrations);
        return new SitePolicy
        {
            Tenants = policy.ReadAll("tenants", Names.TenantOrAny),
            Residency = [.. policy.ReadAll("residency", Names.Label)],
            MigrationsIn = migrations?.ReadOptional("in", Numbers.CountOrZero),
            MigrationsOut = migrations?.ReadOptional("out", Numbers.CountOrZero),
            Moves = ReadMoves(policy.Inner("moves", SiteShapes.Moves)),
            Arrivals = [.. policy.Sections("arrivals", SiteShapes.Arrivals).Select(ReadArrivals)],
            Departures = [.. policy.Sections("departures", SiteShapes.Arrivals).Select(ReadArrivals)],
            ManualApproval = policy.Read("approval", SiteWords.Approvals.Type, false),
            ManualDepartures = policy.Read("departureApproval", SiteWords.Approvals.Type, false),
        };
    }

    private static SiteMoves ReadMoves(Section? moves) => moves is null ? new() : new()
    {
        Live = moves.Read("live", SiteWords.YesNo.Type, true),
        BytesPerSecond = moves.ReadOptional("bandwidth", Rates.Bandwidth),
        Downtime = moves.ReadOptional("downtime", Durations.PositiveSpan),
        Duration = moves.ReadOptional("duration", Durations.PositiveSpan),
        AutoConverge = moves.Read("autoConverge", SiteWords.YesNo.Type, true),
    };

    /// <summary>A part of the week.</summary>
    public static ArrivalWindow ReadArrivals(Section arrivals) => new(
        arrivals.Read("days", DaysOfWeek.Type, ImmutableSortedSet<DayOfWeek>.Empty),
        arrivals.Read("from", Times.TimeOfDay, default),
        arrivals.Read("until", Times.TimeOfDay, default),
        arrivals.Read("zone", Times.Zone, TimeZoneInfo.Utc));
}

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
