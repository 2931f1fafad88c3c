using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Offline;

/// <summary>How a change of the world is written: <c>close=SITE</c>, <c>price=SITE*FACTOR</c>, <c>objective=time</c>, <c>margin=0.2</c>, <c>deadline=2h</c>.</summary>
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
            : kind == "objective" && Enum.TryParse<Objective>(rest, ignoreCase: true, out var objective) && rest.All(char.IsLetter) ? Reading.Of(new WhatIf { Objective = objective })
            : kind == "margin" && Numbers.Share.Read(rest) is { Problem: null } margin ? Reading.Of(new WhatIf { Margin = margin.Value })
            : kind == "deadline" && Durations.PositiveSpan.Read(rest) is { Problem: null } deadline && deadline.Value.TotalSeconds <= WhatIf.MostDeadlineSeconds
                ? Reading.Of(new WhatIf { DeadlineSeconds = deadline.Value.TotalSeconds })
            : Reading.No<WhatIf>("is no change that is known", "write close=SITE, price=SITE*2, objective=time, margin=0.2 or deadline=2h");
    }
}
