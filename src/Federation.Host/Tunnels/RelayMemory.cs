using System.Text.Json;
using Federation.Domain.Json;
using Federation.Domain.Networks;

namespace Federation.Host.Tunnels;

/// <summary>The relays that an agent was told last, in a file: started anew, it goes on by them, be the service there or not. For all threads.</summary>
/// <param name="file">The file.</param>
internal sealed class RelayMemory(string file)
{
    private readonly Lock gate = new();
    private RelayNews? known;

    /// <summary>The relays; none were told yet: none. Setting it returns once it is written.</summary>
    /// <exception cref="IOException">They cannot be read or written.</exception>
    public RelayNews News
    {
        get
        {
            lock (gate)
            {
                return known ??= Read();
            }
        }

        set
        {
            lock (gate)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(value, DomainJson.Options));
                File.Move(file + ".new", file, overwrite: true);
                known = value;
            }
        }
    }

    // The service tells it again: what cannot be read, as after a power cut, is not worth more than nothing.
    private RelayNews Read()
    {
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize<RelayNews>(File.ReadAllBytes(file), DomainJson.Options) is { Relays.IsDefault: false, Relayed.IsDefault: false, Heard: not null } news ? news : RelayNews.None;
        }
        catch (JsonException)
        {
            return RelayNews.None;
        }
    }
}
