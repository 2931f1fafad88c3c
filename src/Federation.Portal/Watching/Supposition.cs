using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Portal.Watching;

/// <summary>What somebody writes into the fields of <em>what if</em>; an empty field leaves it as it is.</summary>
public sealed class Supposition
{
    /// <summary>The objective, by name.</summary>
    public string Objective { get; set; } = "";

    /// <summary>The margin, a share.</summary>
    public string Margin { get; set; } = "";

    /// <summary>The deadline, hours from now.</summary>
    public string Hours { get; set; } = "";

    /// <summary>Sites that are left out.</summary>
    public HashSet<SiteId> Without { get; } = [];

    /// <summary>The changes that it comes to, or what is wrong with it.</summary>
    public (ImmutableArray<WhatIf> Changes, string? Fault) Read()
    {
        var changes = Without.Order().Select(site => new WhatIf(site, null)).ToList();
        if (Objective.Length > 0)
        {
            if (!Enum.TryParse<Objective>(Objective, ignoreCase: true, out var objective))
            {
                return ([], "This is no objective.");
            }

            changes.Add(new() { Objective = objective });
        }

        if (Margin.Trim().Length > 0)
        {
            if (NumberOf(Margin) is not { } margin || new WhatIf { Margin = margin }.Fault is not null)
            {
                return ([], "The margin is a share from 0 to less than 1, as 0.05.");
            }

            changes.Add(new() { Margin = margin });
        }

        if (Hours.Trim().Length > 0)
        {
            if (NumberOf(Hours) * 3600 is not { } deadline || new WhatIf { DeadlineSeconds = deadline }.Fault is not null)
            {
                return ([], "The deadline is a number of hours, more than 0, as 1.5.");
            }

            changes.Add(new() { DeadlineSeconds = deadline });
        }

        return changes.Count == 0 ? ([], "Say first what is to be different.") : ([.. changes], null);
    }

    /// <summary>Fills it in so that it is the point of a front that takes so long.</summary>
    public void Choose(double seconds)
    {
        (Objective, Margin) = ("cost", "0");
        // A little more: the figure is rounded for people.
        Hours = (Math.Ceiling(seconds * 1.001) / 3600).ToString("0.####", CultureInfo.InvariantCulture);
    }

    private static double? NumberOf(string text) => double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
