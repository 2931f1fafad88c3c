using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>The images that a host has: each is a file that is named by its checksum, verified before it has that name, and never written again.</summary>
/// <param name="directory">Where they are.</param>
/// <param name="http">Gets those whose source is on the web.</param>
public sealed class ImageStore(string directory, HttpClient http)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new();

    /// <summary>Where an image is, once it is here.</summary>
    public string PathOf(GuestImage image) => Path.Combine(directory, image.Sha256);

    /// <summary>Gets an image that is not here from the first of its sources that has it.</summary>
    /// <exception cref="DriverException">None has it, with what was wrong with each; or it refers to files of the host.</exception>
    public async Task Fetch(GuestImage image, CancellationToken cancel)
    {
        if (image.Sha256.Length != 64 || !image.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new DriverException($"image {image.Name} has the checksum '{image.Sha256}', which is no SHA-256 of 64 lower-case hexadecimal digits");
        }

        var turn = turns.GetOrAdd(image.Sha256, _ => new(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            if (!File.Exists(PathOf(image)))
            {
                await FetchFrom(image, image.Sources, cancel);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes the images that nobody needs, and drafts that were left.</summary>
    /// <param name="needed">The checksums of those that are needed.</param>
    public void Prune(IReadOnlySet<string> needed)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(directory).Where(file => !needed.Contains(Path.GetFileName(file)[..Math.Min(64, Path.GetFileName(file).Length)])))
        {
            File.Delete(file);
        }
    }

    private async Task FetchFrom(GuestImage image, ImmutableArray<string> sources, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var faults = new List<string>();
        foreach (var source in sources)
        {
            var draft = $"{PathOf(image)}.draft";
            try
            {
                var sum = await Copy(source, draft, cancel);
                if (sum == image.Sha256)
                {
                    RefuseReferences(image, draft);
                    PrivateFiles.Seal(draft);
                    File.Move(draft, PathOf(image));
                    return;
                }

                faults.Add($"{source} has the checksum {sum}");
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or UnauthorizedAccessException or UriFormatException or NotSupportedException)
            {
                faults.Add($"{source}: {fault.Message}");
            }
            finally
            {
                File.Delete(draft);
            }
        }

        throw new DriverException($"image {image.Name} ({image.Sha256[..12]}) cannot be had: {(faults.Count == 0 ? "it names no source" : string.Join("; ", faults))}");
    }

    private async Task<string> Copy(string source, string draft, CancellationToken cancel)
    {
        var address = new Uri(source);
        await using var from = address.IsFile ? File.OpenRead(address.LocalPath)
            : address.Scheme is "http" or "https" ? await http.GetStreamAsync(address, cancel)
            : throw new NotSupportedException("an image comes from file:, http: or https:");
        await using var to = new FileStream(draft, FileMode.Create, FileAccess.Write);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            sum.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        to.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    // An image is somebody's upload: one that names another file would show its VM files of the host.
    private static void RefuseReferences(GuestImage image, string file)
    {
        if (DiskFormat.RefersToFiles(file))
        {
            throw new DriverException($"image {image.Name} refers to other files (a backing file, or an external data file): convert it to one that holds all its data");
        }
    }
}
