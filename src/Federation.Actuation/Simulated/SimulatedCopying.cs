using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Simulated;

/// <summary>How a simulated VM is copied: its disks, then round after round of its memory until the rest is small enough.</summary>
/// <param name="MemoryBytes">Its memory, bytes; 0 where it is not sent, as in a cold move.</param>
/// <param name="DiskBytes">Its disks, bytes.</param>
/// <param name="BytesPerSecond">What is sent in a second, more than 0.</param>
/// <param name="DirtyBytesPerSecond">What is rewritten in a second, 0 or more.</param>
/// <param name="Terms">What it has to keep to.</param>
internal sealed record SimulatedCopying(
    long MemoryBytes, long DiskBytes, double BytesPerSecond, double DirtyBytesPerSecond, TransferTerms Terms)
{
    // What is not small enough by then never will be.
    private const int MostRounds = 1000;

    // A processor that is slowed down loses this share of what it has left, each round.
    private const double Slowing = 0.3;

    /// <summary>When the rest is small enough, seconds after the beginning; null: never.</summary>
    public double? ReadySeconds => Rounds().Last() is { IsReady: true } last ? last.End : null;

    /// <summary>How long the rest takes, seconds.</summary>
    public double RestSeconds => Rounds().Last().Left / BytesPerSecond;

    /// <summary>How far it is.</summary>
    /// <param name="migration">Whose copying it is.</param>
    /// <param name="seconds">Seconds since the beginning.</param>
    public TransferProgress At(MigrationId migration, double seconds)
    {
        var round = Rounds().First(round => seconds < round.End || round.IsLast);
        var within = Math.Clamp(seconds - round.Start, 0, round.End - round.Start) * BytesPerSecond;
        var sent = (long)(round.SentBefore + within);
        var isOver = seconds >= round.End;
        return new(
            migration,
            MemoryBytes,
            sent,
            (long)(isOver ? round.Left : round.Size - within),
            DiskBytes,
            (long)Math.Min(DiskBytes, seconds * BytesPerSecond),
            round.Dirty,
            seconds * BytesPerSecond < DiskBytes ? 0 : round.Number,
            seconds,
            round.Left / BytesPerSecond);
    }

    private IEnumerable<Round> Rounds()
    {
        double start = DiskBytes / BytesPerSecond, size = MemoryBytes, sent = 0, dirty = DirtyBytesPerSecond;
        for (var number = 1; number <= MostRounds; number++)
        {
            var end = start + (size / BytesPerSecond);
            var left = Math.Min(MemoryBytes, dirty * (end - start));
            var isReady = left / BytesPerSecond <= Terms.DowntimeSeconds;
            var isLast = isReady || number == MostRounds;
            yield return new(number, start, end, size, sent, left, dirty, isReady, isLast);
            if (isLast)
            {
                yield break;
            }

            (start, sent, size) = (end, sent + size, left);
            dirty *= Terms.AutoConverge ? 1 - Slowing : 1;
        }
    }

    private sealed record Round(
        int Number, double Start, double End, double Size, double SentBefore, double Left, double Dirty, bool IsReady, bool IsLast);
}
