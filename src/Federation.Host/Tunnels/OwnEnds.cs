using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Json;

namespace Federation.Host.Tunnels;

/// <summary>The host's own ends, with their private keys, which leave it never: a file each, for its owner's eyes only. For one thread.</summary>
/// <param name="folder">Where they are kept.</param>
internal sealed class OwnEnds(string folder)
{
    private ImmutableSortedDictionary<int, OwnEnd>? known;

    /// <summary>All of them, by generation.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public ImmutableSortedDictionary<int, OwnEnd> All => known ??= Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json").Select(file => JsonSerializer.Deserialize<OwnEnd>(File.ReadAllBytes(file), DomainJson.Options)!)
            .ToImmutableSortedDictionary(end => end.Generation, end => end)
        : ImmutableSortedDictionary<int, OwnEnd>.Empty;

    /// <summary>Keeps another one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(OwnEnd end)
    {
        Directory.CreateDirectory(folder);
        var draft = FileOf(end.Generation) + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, end, DomainJson.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, FileOf(end.Generation), overwrite: true);
        known = All.SetItem(end.Generation, end);
    }

    /// <summary>Forgets one.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Remove(int generation)
    {
        File.Delete(FileOf(generation));
        known = All.Remove(generation);
    }

    private string FileOf(int generation) => Path.Combine(folder, generation.ToString(CultureInfo.InvariantCulture) + ".json");
}

/// <summary>One of the host's own ends.</summary>
/// <param name="Generation">See <see cref="TunnelEnd.Generation"/>.</param>
/// <param name="PrivateKey">Its private key, base64.</param>
/// <param name="PublicKey">Its public key, base64.</param>
/// <param name="Port">Where it receives.</param>
/// <param name="MadeAt">When its keys were made.</param>
internal sealed record OwnEnd(int Generation, string PrivateKey, string PublicKey, int Port, DateTimeOffset MadeAt)
{
    /// <summary>What other hosts are told of it.</summary>
    public TunnelEnd End => new(Generation, PublicKey, Port);

    /// <summary>What it is, without what nobody may see: this gets into logs.</summary>
    public override string ToString() => $"generation {Generation}";
}
