using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.SiteFiles;

/// <summary>Reads when VMs may be at a site.</summary>
internal static class AvailabilityReader
{
    private static readonly ScalarType<DateTimeOffset> Instant = Times.Instant.That(
        time => time.Year is >= Limits.Time.FirstYear and <= Limits.Time.LastYear,
        $"is not from {Limits.Time.FirstYear} to {Limits.Time.LastYear}",
        "write a time in that range; leave 'availability' out if the site is always available");

    /// <summary>The intervals, earliest first; those that overlap or touch become one. Empty: always.</summary>
    public static ImmutableArray<Availability> Read(Section file)
    {
        file.RefuseEmpty("availability", "leave it out if the site is always available");
        return Availability.Merged(file.Sections("availability", SiteShapes.Availability).Select(ReadInterval).OfType<Availability>());
    }

    private static Availability? ReadInterval(Section interval)
    {
        var from = interval.ReadOptional("from", Instant);
        var until = interval.ReadOptional("until", Instant);
        if (from is null || until is null)
        {
            return null;
        }

        if (until <= from)
        {
            interval.Refuse("until", "is not after 'from'", "write the first instant after the interval");
        }

        return new(from.Value, until.Value);
    }
}
