using System.Collections.Immutable;
using System.Globalization;
using Federation.Actuation.Qemu;
using Federation.Host.Networks;

namespace Federation.Host.Tunnels;

/// <summary>A routing table of its own, with the rules that lead there. What is right already is not touched. For one thread.</summary>
/// <param name="programs">Starts programs.</param>
/// <param name="family"><c>-4</c> or <c>-6</c>.</param>
/// <param name="table">The table's number.</param>
/// <param name="clock">Tells when it is to be looked at anew: somebody may have changed it.</param>
internal sealed class TunnelRoutes(HostPrograms programs, string family, int table, TimeProvider clock)
{
    /// <summary>The way to an address to which nothing goes.</summary>
    public const string Nothing = "blackhole";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(10);

    private ImmutableSortedDictionary<string, string>? there;
    private ImmutableSortedSet<string> rules = [];
    private long lookedAt;

    private string Table => table.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the table has, by destination: the device, or <see cref="Nothing"/>.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> Read(CancellationToken cancel) => there = (await programs.Try(["ip", family, "route", "show", "table", Table], "", cancel)).StandardOutput
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToImmutableSortedDictionary(words => words[0] == Nothing ? words[1] : words[0], words => words[0] == Nothing ? Nothing : words[2], StringComparer.Ordinal);

    /// <summary>Devices have come or gone, and routes with them: the table is looked at before the next change.</summary>
    public void Doubt() => there = null;

    /// <summary>Has just these ways and rules there.</summary>
    /// <param name="ways">By destination: the device, or <see cref="Nothing"/>.</param>
    /// <param name="wanted">Selectors of the rules, as <c>iif fw0</c>.</param>
    /// <param name="preference">The place of the rules.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task Set(ImmutableSortedDictionary<string, string> ways, ImmutableSortedSet<string> wanted, int preference, CancellationToken cancel)
    {
        var place = preference.ToString(CultureInfo.InvariantCulture);
        if (there is null || clock.GetElapsedTime(lookedAt) >= LooksEvery)
        {
            await Read(cancel);
            var printed = await programs.Do(["ip", family, "rule", "show", "pref", place], cancel);
            rules = [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SelectorOf)];
            lookedAt = clock.GetTimestamp();
        }

        var lines = ways.Where(way => there!.GetValueOrDefault(way.Key) != way.Value).Select(way => way.Value == Nothing
                ? $"route replace {Nothing} {way.Key} table {Table}"
                : $"route replace {way.Key} dev {way.Value} table {Table}")
            .Concat(there!.Where(way => !ways.ContainsKey(way.Key)).Select(way => $"route del {(way.Value == Nothing ? $"{Nothing} " : "")}{way.Key} table {Table}"))
            .Concat(wanted.Except(rules).Select(selector => $"rule add pref {place} {selector} lookup {Table}"))
            .Concat(rules.Except(wanted).Select(selector => $"rule del pref {place} {selector} lookup {Table}"))
            .ToList();
        if (lines.Count == 0)
        {
            return;
        }

        there = null;
        await programs.Batch("ip", [family], lines, cancel);
        (there, rules) = (ways, wanted);
    }

    // As "4789: from all ipproto udp dport 4789 lookup 4789": what is between, without what says nothing.
    private static string SelectorOf(string line)
    {
        var words = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeWhile(word => word != "lookup").Where(word => word is not "[detached]").ToList();
        return string.Join(' ', words is ["from", "all", .. var rest] ? rest : words);
    }
}
