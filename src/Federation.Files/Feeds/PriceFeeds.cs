using Federation.Domain;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.Feeds;

/// <summary>Says where the price feeds are that a site file refers to.</summary>
public sealed class PriceFeeds
{
    private readonly string? folder;
    private readonly RemoteFeeds? remote;

    private PriceFeeds(string? folder, RemoteFeeds? remote) => (this.folder, this.remote) = (folder, remote);

    /// <summary>Nowhere: a reference to a feed is a fault. For files that came over the network: they may not name files here.</summary>
    public static PriceFeeds None { get; } = new(null, null);

    /// <summary>Files, named relative to a folder: the one that the site file is in.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="remote">Feeds on the network; null: an address is a fault.</param>
    public static PriceFeeds InFolder(string folder, RemoteFeeds? remote = null) => new(folder, remote);

    /// <summary>The feed that a value names; null, and a fault, if it cannot be had. A fault within it is reported as well.</summary>
    internal PriceFeed? Load(Element reference)
    {
        if (reference.Read(Names.Line, "") is not { Length: > 0 } path)
        {
            return null;
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            return LoadRemote(path, reference);
        }

        if (folder is null)
        {
            reference.Refuse("is a feed, which only a site file on disk may refer to", "write the prices themselves");
            return null;
        }

        return LoadFile(Path.Combine(folder, path), reference);
    }

    private PriceFeed? LoadRemote(string address, Element reference)
    {
        if (remote is null)
        {
            reference.Refuse("is a URL", "name a CSV file relative to this one: feeds are read from files here, and from the network by a service that watches the folder");
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback))
        {
            reference.Refuse("is no https address", "write e.g. https://prices.example/rennes.csv");
            return null;
        }

        return remote.Find(uri) is { } text ? PriceFeed.Parse(text, reference.Report.For(address)) : PriceFeed.Unknown;
    }

    private static PriceFeed? LoadFile(string path, Element reference)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            reference.Refuse("is not there", $"put the feed at {path}, or correct the path");
            return null;
        }

        if (file.Length > Limits.Files.FeedBytes)
        {
            reference.Refuse($"is larger than {Limits.Files.FeedBytes >> 20} MiB", "keep only the zones and types that the offers use");
            return null;
        }

        return PriceFeed.Parse(File.ReadAllText(path), reference.Report.For(path));
    }
}
