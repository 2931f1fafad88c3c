namespace Federation.Domain.Audit;

/// <summary>Goes through an audit log from its start and finds the first thing that is wrong with it.</summary>
/// <param name="expected">Heads that were noted earlier, each of which the log has to pass through.</param>
public sealed class AuditVerification(params IEnumerable<string> expected)
{
    private readonly Dictionary<long, string> noted = expected.ToDictionary(head => long.Parse(head.Split(':')[0], null), head => head);

    /// <summary>The last entry that was right; null: none yet.</summary>
    public AuditRecord? Last { get; private set; }

    /// <summary>What is wrong, naming the entry; null: nothing so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>Looks at the next entry; after the first fault at none any more.</summary>
    public void Add(AuditRecord record)
    {
        Fault ??= FaultOf(record);
        Last = Fault is null ? record : Last;
    }

    /// <summary>Says that there are no more entries.</summary>
    public void End() =>
        Fault ??= noted.Keys.Order().FirstOrDefault(sequence => sequence > (Last?.Sequence ?? 0)) is > 0 and var missing
            ? $"entry {missing} is missing: the log ends with entry {Last?.Sequence ?? 0}, and was longer"
            : null;

    private string? FaultOf(AuditRecord record)
    {
        var next = AuditChain.Next(Last, record.Entry);
        return record.Sequence != next.Sequence ? $"entry {next.Sequence} is missing: {record.Sequence} follows {next.Sequence - 1}"
            : record.Hash != next.Hash ? $"entry {record.Sequence} is not what was written: it does not follow from entry {record.Sequence - 1}"
            : noted.TryGetValue(record.Sequence, out var head) && head != record.Head
                ? $"entry {record.Sequence} is not the one that was noted: the log was written anew up to there"
            : null;
    }
}
