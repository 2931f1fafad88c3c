using System.Security.Cryptography;
using System.Text.Json;

namespace Federation.Grains.Access;

/// <summary>The secret that all silos of a federation share and nobody else has: what it signs, a silo has said.</summary>
/// <param name="secret">At least 32 bytes.</param>
/// <param name="clock">The time of day, about the same at all silos.</param>
public sealed class ServiceKey(ReadOnlyMemory<byte> secret, TimeProvider clock)
{
    /// <summary>How old a signature may be, and how far clocks may be apart. Longer than a call may wait for a busy grain.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private readonly byte[] secret = secret.Length >= 32 ? secret.ToArray() : throw new ArgumentException("a service key has at least 32 bytes", nameof(secret));

    internal ProofWire Sign(string target, string method, string? caller, string? from)
    {
        var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return new() { At = at, Caller = caller, From = from, Mac = MacOf(at, target, method, caller, from) };
    }

    internal bool IsGood(in ProofWire proof, string target, string method) =>
        proof.Mac is { Length: > 0 } mac
        && Math.Abs(clock.GetUtcNow().ToUnixTimeMilliseconds() - proof.At) <= LongestLife.TotalMilliseconds
        && CryptographicOperations.FixedTimeEquals(mac, MacOf(proof.At, target, method, proof.Caller, proof.From));

    // JSON, so that no two calls are the same bytes.
    private byte[] MacOf(long at, params string?[] said) => HMACSHA256.HashData(secret, JsonSerializer.SerializeToUtf8Bytes((string?[])[$"{at}", .. said]));
}
