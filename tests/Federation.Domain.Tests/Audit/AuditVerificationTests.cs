using CsCheck;
using Federation.Domain.Audit;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Audit;

public sealed class AuditVerificationTests
{
    private static readonly string[] Tricky = ["", "\"", "\",\"", "a", "ab"];

    private static readonly Gen<string> Texts = Gen.OneOf(Gen.String, Gen.Int[0, Tricky.Length - 1].Select(i => Tricky[i]));

    private static readonly Gen<AuditEntry> Entries =
        from at in Gen.Long[0, 3_000_000_000_000_000_000]
        from texts in Texts.Array[4]
        from outcome in Gen.Enum<AuditOutcome>()
        select new AuditEntry(new(at, TimeSpan.Zero), texts[0], texts[1], texts[2], outcome, texts[3]);

    private static readonly Gen<List<AuditRecord>> Logs = Entries.Array[1, 12].Select(entries =>
    {
        var log = new List<AuditRecord>();
        foreach (var entry in entries)
        {
            log.Add(AuditChain.Next(log.LastOrDefault(), entry));
        }

        return log;
    });

    [Fact]
    public void A_log_as_it_was_written_is_whole_and_passes_through_every_head_it_had() => Logs.Sample(log =>
        Verify(log, [.. log.Select(record => record.Head)]).Fault.ShouldBeNull());

    [Fact]
    public void An_entry_that_was_changed_is_found_and_named() => Gen.Select(Logs, Entries, Gen.Int[0, 11]).Sample((log, other, at) =>
    {
        var index = at % log.Count;
        if (log[index].Entry != other)
        {
            log[index] = log[index] with { Entry = other };
            Verify(log).Fault.ShouldBe($"entry {index + 1} is not what was written: it does not follow from entry {index}");
        }
    });

    [Fact]
    public void An_entry_whose_hash_was_made_to_fit_is_given_away_by_the_next_one() => Gen.Select(Logs, Entries, Gen.Int[0, 11]).Sample((log, other, at) =>
    {
        var index = at % log.Count;
        if (index + 1 < log.Count && log[index].Entry != other)
        {
            log[index] = AuditChain.Next(log.ElementAtOrDefault(index - 1), other);
            Verify(log).Fault.ShouldBe($"entry {index + 2} is not what was written: it does not follow from entry {index + 1}");
        }
    });

    [Fact]
    public void An_entry_that_was_taken_out_is_missed() => Gen.Select(Logs, Gen.Int[0, 11]).Sample((log, at) =>
    {
        var index = at % log.Count;
        var heads = log.Select(record => record.Head).ToArray();
        log.RemoveAt(index);
        Verify(log, heads).Fault.ShouldStartWith($"entry {index + 1} is missing", Case.Sensitive);
    });

    [Fact]
    public void A_log_that_was_written_anew_does_not_pass_through_a_head_that_was_noted() => Gen.Select(Logs, Entries).Sample((log, other) =>
    {
        if (log[0].Entry != other)
        {
            var noted = log[^1].Head;
            var anew = new List<AuditRecord>();
            foreach (var entry in log.Skip(1).Select(record => record.Entry).Prepend(other))
            {
                anew.Add(AuditChain.Next(anew.LastOrDefault(), entry));
            }

            Verify(anew).Fault.ShouldBeNull();
            Verify(anew, noted).Fault.ShouldBe($"entry {log.Count} is not the one that was noted: the log was written anew up to there");
        }
    });

    private static AuditVerification Verify(List<AuditRecord> log, params string[] heads)
    {
        var verification = new AuditVerification(heads);
        log.ForEach(verification.Add);
        verification.End();
        return verification;
    }
}
