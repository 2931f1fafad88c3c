using System.Collections.Immutable;
using Federation.Client;
using Federation.Domain;
using Federation.Domain.Audit;

namespace Federation.Portal.Watching;

/// <summary>Reads the audit log from its start, page after page, and checks its chain as it goes on. Used by one page at a time.</summary>
/// <param name="noted">A head that was noted earlier, which the log has to pass through; null: none.</param>
/// <param name="find">Only entries in which this stands are kept; empty: all.</param>
public sealed class AuditReading(string? noted, string find)
{
    /// <summary>How many of the newest entries are kept.</summary>
    public const int Kept = 200;

    // So that the page is drawn between one asking and the next.
    private const int PagesAtOnce = 10;

    private readonly AuditVerification verification = new(noted is null ? [] : [noted]);
    private long looked;

    /// <summary>The newest entries in which the text stands, newest first.</summary>
    public ImmutableList<AuditRecord> Newest { get; private set; } = [];

    /// <summary>How many entries were looked at.</summary>
    public long Looked => looked;

    /// <summary>Whether there are none after them.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Where the log stands, to be noted elsewhere; null: it is empty, or not right from the first entry on.</summary>
    public string? Head => verification.Last?.Head;

    /// <summary>What is wrong with it, naming the entry; null: nothing so far.</summary>
    public string? Fault => verification.Fault ?? (IsAtEnd && noted is not null && NumberOf(noted) > looked ? $"entry {NumberOf(noted)} is missing: the log ends with entry {looked}, and was longer" : null);

    /// <summary>Whether a text is a head, as <c>12:9f86...</c>.</summary>
    public static bool IsHead(string? text) =>
        text?.Split(':') is [{ Length: > 0 and <= 18 } number, { Length: 64 } hash] && number.All(char.IsAsciiDigit) && NumberOf(text) > 0 && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads some pages more; the rest, with what has come meanwhile, is read by the next call.</summary>
    public async Task ReadOn(FederationSession calls, CancellationToken cancel)
    {
        IsAtEnd = false;
        for (var pages = 0; pages < PagesAtOnce && !IsAtEnd; pages++)
        {
            var page = await calls.Audit(looked, Limits.Request.AuditEntries, cancel);
            foreach (var record in page)
            {
                verification.Add(record);
            }

            looked = page.IsEmpty ? looked : page[^1].Sequence;
            Newest = [.. page.Reverse().Where(Matches).Concat(Newest).Take(Kept)];
            IsAtEnd = page.Length < Limits.Request.AuditEntries;
        }
    }

    private static long NumberOf(string head) => long.Parse(head.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

    private bool Matches(AuditRecord record) => find.Length == 0
        || ((string[])[record.Entry.Who, record.Entry.Action, record.Entry.Target, record.Entry.Outcome.ToString(), record.Entry.Detail]).Any(text => text.Contains(find, StringComparison.OrdinalIgnoreCase));
}
