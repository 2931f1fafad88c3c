using System.Text.Json.Serialization;

namespace Federation.Domain.Audit;

/// <summary>What became of something that somebody wanted to do.</summary>
public enum AuditOutcome
{
    /// <summary>It was let in, and was about to be done.</summary>
    Begun,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>It broke off: what of it was done, the entry cannot say.</summary>
    Failed,
}

/// <summary>Who wanted to do what, when, and what became of it.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The caller and who vouches for it, or where the request came from if nobody does.</param>
/// <param name="Action">What: the route's name, such as <c>PutSite</c>, or what the service did by itself.</param>
/// <param name="Target">To what: the path, or a file's name.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">Why, or what exactly; never a secret.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string Target, AuditOutcome Outcome, string Detail);

/// <summary>An entry with its place in the log.</summary>
/// <param name="Sequence">Counts the entries from 1, without a gap.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Hash">What <see cref="AuditChain"/> makes of it and of the one before.</param>
public sealed record AuditRecord(long Sequence, AuditEntry Entry, string Hash)
{
    /// <summary>Where the log stands with it, as <c>12:9f86...</c>: to be noted elsewhere, and held against the log later.</summary>
    [JsonIgnore]
    public string Head => $"{Sequence}:{Hash}";
}
