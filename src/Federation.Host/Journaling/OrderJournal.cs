using System.Text;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Sensor.Spool;

namespace Federation.Host.Journaling;

/// <summary>What a host's agent remembers over a crash: the newest epoch of every VM, and what became of orders. For all threads.</summary>
/// <remarks>
/// A file of lines, each durable before its call returns. The last line may be torn by a crash: then what it was about to say was neither done nor
/// answered. The file is written anew, without what nobody asks for any more, when it is opened and when it has grown.
/// </remarks>
public sealed class OrderJournal
{
    /// <summary>How long it is remembered what became of an order, and which epoch a VM has that nobody ordered anything for.</summary>
    public static readonly TimeSpan AnswersFor = TimeSpan.FromDays(7);

    /// <summary>As <see cref="AnswersFor"/>, of epochs.</summary>
    public static readonly TimeSpan EpochsFor = TimeSpan.FromDays(400);

    private const string File = "orders.journal";
    private const int LinesBeforeRewrite = 20_000;

    private readonly Lock gate = new();
    private readonly ISpoolFiles files;
    private readonly TimeProvider clock;
    private readonly Dictionary<VmRef, JournalEntry> newest = [];
    private readonly Dictionary<string, JournalEntry> operations = [];
    private int lines;

    /// <summary>Reads what is there.</summary>
    /// <param name="files">Where it is; for nobody else.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public OrderJournal(ISpoolFiles files, TimeProvider clock)
    {
        (this.files, this.clock) = (files, clock);
        foreach (var entry in EntriesIn(files.Read(File) ?? []))
        {
            Note(entry);
        }

        Rewrite();
    }

    /// <summary>The newest epoch of a VM that anything was ordered with; 0: nothing was.</summary>
    public long EpochOf(VmRef vm)
    {
        lock (gate)
        {
            return newest.TryGetValue(vm, out var entry) ? entry.Epoch : 0;
        }
    }

    /// <summary>What became of an order that was done or refused; null: it was not taken, is under way, was interrupted, or failed and can be tried again.</summary>
    public HostAnswer? AnswerTo(string operation)
    {
        lock (gate)
        {
            return operations.TryGetValue(operation, out var entry) && entry.Answer is { Outcome: not HostOutcome.Failed } answer ? answer : null;
        }
    }

    /// <summary>Takes an order: its epoch is the VM's newest from now on. Durable when it returns; only then may it be done.</summary>
    /// <exception cref="ArgumentException">Its epoch is older than the VM's newest: a bug.</exception>
    /// <exception cref="IOException">The disk failed: the order is not taken.</exception>
    public void Accept(HostOrder order)
    {
        lock (gate)
        {
            if (newest.TryGetValue(order.Vm, out var known) && known.Epoch > order.Epoch)
            {
                throw new ArgumentException($"epoch {order.Epoch} of {order.Vm} is older than {known.Epoch}", nameof(order));
            }

            Write(new(clock.GetUtcNow(), order.Operation, order.Vm, order.Epoch, order.GetType().Name));
        }
    }

    /// <summary>Notes what became of an order. Durable when it returns.</summary>
    /// <exception cref="IOException">The disk failed: after a crash the order would be done again.</exception>
    public void Answer(HostOrder order, HostAnswer answer)
    {
        lock (gate)
        {
            Write(new(clock.GetUtcNow(), order.Operation, order.Vm, order.Epoch, Answer: answer));
        }
    }

    private void Write(JournalEntry entry)
    {
        files.Append(File, LineOf(entry));
        lines++;
        Note(entry);
        if (lines > LinesBeforeRewrite && lines > 2 * (newest.Count + operations.Count))
        {
            Rewrite();
        }
    }

    private void Note(JournalEntry entry)
    {
        operations[entry.Operation] = entry;
        if (!newest.TryGetValue(entry.Vm, out var known) || entry.Epoch >= known.Epoch)
        {
            newest[entry.Vm] = entry;
        }
    }

    private void Rewrite()
    {
        var now = clock.GetUtcNow();
        foreach (var old in operations.Values.Where(entry => now - entry.At > AnswersFor).ToList())
        {
            operations.Remove(old.Operation);
        }

        foreach (var old in newest.Values.Where(entry => now - entry.At > EpochsFor).ToList())
        {
            newest.Remove(old.Vm);
        }

        JournalEntry[] kept = [.. newest.Values.Concat(operations.Values).Distinct().OrderBy(entry => entry.At)];
        files.Replace(File, kept.SelectMany(LineOf).ToArray());
        lines = kept.Length;
    }

    private static byte[] LineOf(JournalEntry entry) => Encoding.UTF8.GetBytes($"{JsonSerializer.Serialize(entry, DomainJson.Options)}\n");

    // What follows a line that is torn was never written: nothing is appended before the file was written anew.
    private static IEnumerable<JournalEntry> EntriesIn(byte[] data)
    {
        for (int begin = 0, end; (end = Array.IndexOf(data, (byte)'\n', begin)) >= 0; begin = end + 1)
        {
            if (Read(data.AsSpan(begin, end - begin)) is not { } entry)
            {
                yield break;
            }

            yield return entry;
        }
    }

    private static JournalEntry? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>(line, DomainJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
