using System.Security.Cryptography;
using System.Text.Json;

namespace Federation.Domain.Audit;

/// <summary>Chains audit entries by SHA-256, so that one that was changed or taken away shows.</summary>
/// <remarks>
/// Whoever can write to the database can also chain everything anew from where it was changed, or cut the end off: only a head that was
/// noted elsewhere (<see cref="AuditRecord.Head"/>) tells of that.
/// </remarks>
public static class AuditChain
{
    /// <summary>What the first entry is chained to.</summary>
    public static string Origin { get; } = new('0', 64);

    /// <summary>The entry that comes after one.</summary>
    /// <param name="last">The last one so far; null: there is none.</param>
    /// <param name="entry">What to add.</param>
    public static AuditRecord Next(AuditRecord? last, AuditEntry entry)
    {
        var sequence = (last?.Sequence ?? 0) + 1;
        return new(sequence, entry, HashOf(last?.Hash ?? Origin, sequence, entry));
    }

    // JSON keeps apart what belongs to different fields, whatever is written in them.
    private static string HashOf(string before, long sequence, AuditEntry entry) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes((object[])
        [
            before, sequence, entry.At.UtcTicks, entry.Who, entry.Action, entry.Target, entry.Outcome.ToString(), entry.Detail,
        ])));
}
