using System.Collections.Immutable;
using Federation.Domain.Hosts;

namespace Federation.Grains.Hosts;

/// <summary>Orders that wait for a host's agent. For one grain's single thread.</summary>
/// <remarks>An order is handed out again until it is answered: an answer to the agent that is lost on its way loses no order. The agent knows it by its operation.</remarks>
/// <param name="clock">Measures for how long nobody has waited for an order.</param>
internal sealed class AgentMailbox(TimeProvider clock)
{
    // Whoever waits for one that is under way asks for it again and again, and should not have it handed out again each time.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<long, Letter> letters = [];
    private long last;

    /// <summary>Names the mailbox: after a crash there is another one, which counts anew.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>How many orders wait.</summary>
    public int Count => letters.Count;

    /// <summary>Puts an order in; one that waits already is waited for together.</summary>
    public Letter Put(HostOrder order)
    {
        foreach (var left in letters.Values.Where(letter => letter.Waiting == 0 && clock.GetElapsedTime(letter.LeftAt) > Kept).ToList())
        {
            letters.Remove(left.Number);
        }

        var letter = letters.Values.FirstOrDefault(waiting => waiting.Order.Operation == order.Operation);
        if (letter is null)
        {
            letter = new Letter(++last, order);
            letters.Add(letter.Number, letter);
        }

        letter.Waiting++;
        return letter;
    }

    /// <summary>
    /// One who waited has gone. With the last one the order is taken out: it is put in again by whoever still wants it. One that the agent may be at work
    /// on stays for some seconds, so that its answer is not missed.
    /// </summary>
    public void Leave(Letter letter)
    {
        letter.LeftAt = clock.GetTimestamp();
        if (--letter.Waiting == 0 && (!letter.WasHandedOut || letter.Answered.Task.IsCompleted))
        {
            letters.Remove(letter.Number);
        }
    }

    /// <summary>The orders after one, in order, and the number of the last of them.</summary>
    /// <param name="mailbox">The mailbox that the number is of.</param>
    /// <param name="after">The number.</param>
    public (ImmutableArray<HostOrder> Orders, long Last) HandOut(Guid mailbox, long after)
    {
        var known = mailbox == Id ? after : 0;
        ImmutableArray<Letter> handed = [.. letters.Values.Where(letter => letter.Number > known && letter.Waiting > 0)];
        foreach (var letter in handed)
        {
            letter.WasHandedOut = true;
        }

        return ([.. handed.Select(letter => letter.Order)], handed is [.., var newest] ? newest.Number : known);
    }

    /// <summary>Takes an answer to whoever waits for it; nobody any more: it is thrown away.</summary>
    public void Answer(HostAnswer answer) =>
        letters.Values.FirstOrDefault(letter => letter.Order.Operation == answer.Operation)?.Answered.TrySetResult(answer);

    /// <summary>An order in the mailbox.</summary>
    internal sealed class Letter(long number, HostOrder order)
    {
        public long Number { get; } = number;

        public HostOrder Order { get; } = order;

        public int Waiting { get; set; }

        public bool WasHandedOut { get; set; }

        public long LeftAt { get; set; }

        public TaskCompletionSource<HostAnswer> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
