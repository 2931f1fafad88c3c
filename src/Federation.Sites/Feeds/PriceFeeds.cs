using Federation.Sites.Feeds;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;

namespace Federation.Sites;

/// <summary>Says where the price feeds are that a site file refers to.</summary>
public sealed class PriceFeeds
{
    /// <summary>Some half a million price changes.</summary>
    private const long LargestFile = 32 << 20;

    private readonly string? folder;

    private PriceFeeds(string? folder) => this.folder = folder;

    /// <summary>Nowhere: a reference to a feed is a fault. For files that came over the network: they may not name files here.</summary>
    public static PriceFeeds None { get; } = new(null);

    /// <summary>Files, named relative to a folder: the one that the site file is in.</summary>
    public static PriceFeeds InFolder(string folder) => new(folder);

    /// <summary>The feed that a value names; null, and a fault, if it cannot be had. A fault within it is reported as well.</summary>
    internal PriceFeed? Load(Element reference)
    {
        if (reference.Read(Names.Line, "") is not { Length: > 0 } path)
        {
            return null;
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            reference.Refuse("is a URL", "name a CSV file relative to this one: feeds are read from files");
            return null;
        }

        if (folder is null)
        {
            reference.Refuse("is a feed, which only a site file on disk may refer to", "write the prices themselves");
            return null;
        }

        return LoadFile(Path.Combine(folder, path), reference);
    }

    private static PriceFeed? LoadFile(string path, Element reference)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            reference.Refuse("is not there", $"put the feed at {path}, or correct the path");
            return null;
        }

        if (file.Length > LargestFile)
        {
            reference.Refuse($"is larger than {LargestFile >> 20} MiB", "keep only the zones and types that the offers use");
            return null;
        }

        return PriceFeed.Parse(File.ReadAllText(path), reference.Report.For(path));
    }
}
