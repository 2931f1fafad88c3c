using System.Globalization;
using Federation.Domain.Estimation;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Offline;

/// <summary>How a change of the world is written: <c>close=SITE</c>, or <c>price=SITE*FACTOR</c>.</summary>
internal static class WhatIfType
{
    /// <summary>The type of option values.</summary>
    public static ScalarType<WhatIf> Type { get; } = new(Read);

    private static Reading<WhatIf> Read(string text)
    {
        var (kind, rest) = text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..]) : ("", "");
        var times = rest.LastIndexOf('*');
        return kind == "close" && Names.Site.Read(rest) is { Problem: null } closed ? Reading.Of(new WhatIf(closed.Value, null))
            : kind == "price" && times > 0 && Names.Site.Read(rest[..times]) is { Problem: null } priced
                && decimal.TryParse(rest[(times + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor <= WhatIf.MostFactor
                ? Reading.Of(new WhatIf(priced.Value, factor))
            : Reading.No<WhatIf>("is no change that is known", "write close=SITE, or price=SITE*2");
    }
}
