using System.Text.Json;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Sensor.Spool;

namespace Federation.Host.Tunnels;

/// <summary>The relays that an agent was told last, in a file: started anew, it goes on by them, be the service there or not. For all threads.</summary>
/// <param name="files">Where it is.</param>
internal sealed class RelayMemory(ISpoolFiles files)
{
    private const string File = "relays.json";

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
                files.Replace(File, JsonSerializer.SerializeToUtf8Bytes(value, DomainJson.Options));
                known = value;
            }
        }
    }

    // The service tells it again: what nobody understands is not worth more than nothing.
    private RelayNews Read()
    {
        try
        {
            return files.Read(File) is { } kept && JsonSerializer.Deserialize<RelayNews>(kept, DomainJson.Options) is { Relays.IsDefault: false, Relayed.IsDefault: false, Heard: not null } news ? news : RelayNews.None;
        }
        catch (JsonException)
        {
            return RelayNews.None;
        }
    }
}
