using System.Text.Json;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Sensor.Spool;

namespace Federation.Host.Daemon;

/// <summary>What a client was told that it is, in a file: started anew, its agent goes on without asking first. For one thread.</summary>
/// <param name="files">Where it is.</param>
internal sealed class ClientMemory(ISpoolFiles files)
{
    private const string File = "client.json";

    /// <summary>What it is; null: nobody has said yet, or what is there cannot be read, and the service says it again.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ClientPost? Read()
    {
        try
        {
            return files.Read(File) is { } kept && JsonSerializer.Deserialize<ClientPost>(kept, DomainJson.Options) is { Name: not null } post && post.Application.IsWhole ? post : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(ClientPost post) => files.Replace(File, JsonSerializer.SerializeToUtf8Bytes(post, DomainJson.Options));

    /// <summary>Forgets it.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Forget() => files.Delete(File);
}
