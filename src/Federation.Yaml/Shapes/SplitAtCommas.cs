using System.Text.RegularExpressions;

namespace Federation.Yaml.Shapes;

/// <summary>Makes numbers whole again that YAML has taken apart: <c>{ headroom: 0,05 }</c> reads as 0 and a key 05 without a value.</summary>
internal static partial class SplitAtCommas
{
    /// <summary>The entries, such a pair as the one value that its writer meant, so that the fault is its comma.</summary>
    public static IEnumerable<(string Key, Element Value)> Joined(IEnumerable<(string Key, Element Value)> entries)
    {
        (string Key, Element Value)? last = null;
        foreach (var entry in entries)
        {
            if (last is { } before && Whole(before.Value.Node, entry) is { } whole)
            {
                last = (before.Key, before.Value with { Node = whole });
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = entry;
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    private static YamlNode.Scalar? Whole(YamlNode before, (string Key, Element Value) behind) =>
        before is YamlNode.Scalar { IsPlain: true } head && Digits().IsMatch(head.Text)
        && behind.Value.Node is YamlNode.Scalar { IsNothing: true } && Rest().IsMatch(behind.Key)
            ? head with { Text = $"{head.Text},{behind.Key}" }
            : null;

    [GeneratedRegex(@"^[+-]?[0-9]{1,24}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^[0-9]{1,24} ?[A-Za-z/%]{0,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();
}
