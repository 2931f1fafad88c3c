using Federation.Domain.Audit;

namespace Federation.Api;

/// <summary>One entry of the audit log.</summary>
/// <param name="Sequence">Counts the entries from 1, without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who, and who vouches for that.</param>
/// <param name="Action">What.</param>
/// <param name="Target">To what.</param>
/// <param name="Outcome">begun, done, refused or failed.</param>
/// <param name="Detail">Why, or what exactly.</param>
/// <param name="Hash">What chains it to the entry before.</param>
public sealed record AuditDocument(
    long Sequence, DateTimeOffset At, string Who, string Action, string Target, AuditOutcome Outcome, string Detail, string Hash)
{
    /// <summary>The document of an entry.</summary>
    public static AuditDocument Of(AuditRecord record) => new(
        record.Sequence, record.Entry.At, record.Entry.Who, record.Entry.Action, record.Entry.Target, record.Entry.Outcome, record.Entry.Detail, record.Hash);

    /// <summary>The entry of a document.</summary>
    public AuditRecord ToRecord() => new(Sequence, new(At, Who, Action, Target, Outcome, Detail), Hash);
}

/// <summary>A token of the built-in issuer that was taken back.</summary>
/// <param name="Token">Its identifier (<c>jti</c>), 32 hexadecimal digits.</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RevocationDocument(string Token, string By, DateTimeOffset At, string Reason);

/// <summary>Asks for a token to be taken back.</summary>
/// <param name="Reason">Why, for those who read the list later; may be left out.</param>
public sealed record RevocationRequest(string? Reason);
