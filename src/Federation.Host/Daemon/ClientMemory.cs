using System.Text.Json;
using Federation.Domain.Json;
using Federation.Domain.Networks;

namespace Federation.Host.Daemon;

/// <summary>What a client was told that it is, in a file: started anew, its agent goes on without asking first. For one thread.</summary>
/// <param name="file">The file.</param>
internal sealed class ClientMemory(string file)
{
    /// <summary>What it is; null: nobody has said yet, or what is there cannot be read, and the service says it again.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ClientPost? Read()
    {
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize<ClientPost>(File.ReadAllBytes(file), DomainJson.Options) is { Name: not null } post && post.Application.IsWhole ? post : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(ClientPost post)
    {
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(post, DomainJson.Options));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Forgets it.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Forget() => File.Delete(file);
}
