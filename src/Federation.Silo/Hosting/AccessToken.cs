using System.Security.Cryptography;
using System.Text;

namespace Federation.Silo.Hosting;

/// <summary>The secret that every request has to carry. Made at the first start, readable by the service's own user alone.</summary>
public sealed class AccessToken
{
    private readonly byte[] hash;

    private AccessToken(string token) => hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token from its file, or makes both.</summary>
    /// <exception cref="InvalidDataException">The file is there and holds no token.</exception>
    public static AccessToken Load(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            // Written aside and moved: a crash half-way leaves no half of a token.
            var draft = file + ".new";
            File.Delete(draft);
            using (var stream = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, file);
        }

        var token = File.ReadAllText(file).Trim();
        return token.Length >= 16
            ? new(token)
            : throw new InvalidDataException($"{file} holds no token of at least 16 characters: delete it, and a new one is made");
    }

    /// <summary>Whether an Authorization header carries the token; takes the same time wherever it differs.</summary>
    public bool Matches(string? authorization)
    {
        const string scheme = "Bearer ";
        return authorization is not null
            && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(authorization[scheme.Length..].Trim())));
    }
}
