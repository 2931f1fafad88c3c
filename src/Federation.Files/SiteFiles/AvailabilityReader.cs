using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Yaml.Quantities;
using Federation.Yaml.Shapes;

namespace Federation.Files.SiteFiles;

/// <summary>Reads when VMs may be at a site.</summary>
internal static class AvailabilityReader
{
    /// <summary>The intervals, earliest first; those that overlap or touch become one. Empty: always.</summary>
    public static ImmutableArray<Availability> Read(Section file)
    {
        file.RefuseEmpty("availability", "leave it out if the site is always available");
        return Availability.Merged(file.Sections("availability", SiteShapes.Availability).Select(ReadInterval).OfType<Availability>());
    }

    private static Availability? ReadInterval(Section interval)
    {
        var from = interval.ReadOptional("from", Times.Instant);
        var until = interval.ReadOptional("until", Times.Instant);
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
