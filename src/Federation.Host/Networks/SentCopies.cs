using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Guests;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Networks;

/// <summary>Which copies had sent all to another host, over a restart of the agent: once such a copy was cleared, nothing at the host tells any more that its VM has not died here. For one thread.</summary>
/// <param name="files">Where it is kept; for nobody else.</param>
/// <param name="log">Hears where it cannot be kept.</param>
internal sealed class SentCopies(ISpoolFiles files, ILogger log)
{
    private const string File = "sent.json";

    private ImmutableSortedDictionary<SegmentPort, string>? kept;

    /// <summary>Those of the run before: they count as cleared, unless they are seen here.</summary>
    public SeenCopies Begin()
    {
        kept = Read();
        return SeenCopies.None with { Cleared = kept.ToImmutableSortedDictionary(copy => copy.Key, copy => new LocalCopy(GuestState.Sent, copy.Value)) };
    }

    /// <summary>Keeps those that have sent all; durable when it returns, unless the disk fails: then a restart forgets them, and until the service tells where the VM is, what arrives for it is lost.</summary>
    public void Keep(SeenCopies copies)
    {
        var now = copies.Here.Concat(copies.Cleared).Where(copy => copy.Value.State == GuestState.Sent).ToImmutableSortedDictionary(copy => copy.Key, copy => copy.Value.Tap);
        if (kept is not null && kept.SequenceEqual(now))
        {
            return;
        }

        try
        {
            files.Replace(File, JsonSerializer.SerializeToUtf8Bytes(now.Select(copy => new Copy(copy.Key, copy.Value)), DomainJson.Options));
            kept = now;
        }
        catch (IOException fault)
        {
            log.SentNotKept(fault.Message);
        }
    }

    private ImmutableSortedDictionary<SegmentPort, string> Read()
    {
        try
        {
            return (JsonSerializer.Deserialize<Copy[]>(files.Read(File) ?? "[]"u8.ToArray(), DomainJson.Options) ?? []).ToImmutableSortedDictionary(copy => copy.Port, copy => copy.Tap);
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            log.SentNotKept(fault.Message);
            return ImmutableSortedDictionary<SegmentPort, string>.Empty;
        }
    }

    private sealed record Copy(SegmentPort Port, string Tap);
}
