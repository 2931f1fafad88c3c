using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Federation.Domain.Estimation;
using Federation.Domain.Json;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>A part of the world that plans were made from, named by its content: plans that saw the same share it.</summary>
/// <param name="Hash">SHA-256 of <paramref name="Json"/>, hexadecimal in lower case.</param>
/// <param name="Json">The part as <see cref="DomainJson"/> has it, collections in order.</param>
public readonly record struct WorldPart(string Hash, string Json)
{
    internal static WorldPart Of<T>(T part)
    {
        var json = JsonSerializer.Serialize(part, DomainJson.Options);
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))), json);
    }
}

/// <summary>Cuts a world into what changes seldom, the sites, and the rest; and joins it again.</summary>
public static class WorldParts
{
    /// <summary>The two parts of a view.</summary>
    public static (WorldPart Sites, WorldPart Others) Of(PlacementView view) =>
        (WorldPart.Of(view.Sites.OrderBy(site => site.Id).ToImmutableArray()), WorldPart.Of(view with { Sites = [] }));

    /// <summary>The view of which these are the parts; its sites in the order of their names.</summary>
    /// <exception cref="InvalidDataException">A part is empty.</exception>
    public static PlacementView Join(string sites, string rest) =>
        (JsonSerializer.Deserialize<PlacementView>(rest, DomainJson.Options) ?? throw new InvalidDataException("a stored world is empty"))
            with { Sites = JsonSerializer.Deserialize<ImmutableArray<Site>>(sites, DomainJson.Options) };
}
