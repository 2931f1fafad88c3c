using System.Security.Cryptography;
using System.Text;
using Federation.Credentials;

namespace Federation.Silo.Access;

/// <summary>The secret of the embedded default's operator, who administrates the federation. Made at the first start.</summary>
public sealed class OperatorToken
{
    private readonly byte[] hash;

    private OperatorToken(string token) => hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Reads the token from its file, or makes both.</summary>
    /// <exception cref="InvalidDataException">The file is there and holds no token.</exception>
    public static OperatorToken Load(string file)
    {
        var token = SecretFile.ReadOrMake(file, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        return token.Length >= 16
            ? new(token)
            : throw new InvalidDataException($"{file} holds no token of at least 16 characters: delete it, and a new one is made");
    }

    /// <summary>Whether this is the token; takes the same time wherever it differs.</summary>
    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
