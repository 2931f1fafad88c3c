using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Federation.Scenarios.Networks;

/// <summary>Asks every 10 ms with a number of its own, and knows which questions were answered, and by whom.</summary>
internal abstract class Questions : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Socket socket;
    private readonly CancellationTokenSource over = new();
    private readonly Task sending;
    private readonly Task receiving;
    private int sent;

    /// <param name="socket">What the questions go out by, connected; disposed of with this.</param>
    protected Questions(Socket socket)
    {
        this.socket = socket;
        (sending, receiving) = (Task.Run(Send), Task.Run(Receive));
    }

    /// <summary>How many questions were asked.</summary>
    public int Sent => Volatile.Read(ref sent);

    /// <summary>How many were answered.</summary>
    public int Answered => Answers.Count;

    /// <summary>The questions that were answered, each with the letter of the one who did; 0 where answers have none.</summary>
    public ConcurrentDictionary<int, byte> Answers { get; } = [];

    /// <summary>Of those from one on to before another: how many have no answer, and the longest row of them.</summary>
    public (int Lost, int Longest) Gaps(int from, int to)
    {
        var (lost, row, longest) = (0, 0, 0);
        for (var number = from; number < to; number++)
        {
            row = Answers.ContainsKey(number) ? 0 : row + 1;
            (lost, longest) = (lost + (row > 0 ? 1 : 0), Math.Max(longest, row));
        }

        return (lost, longest);
    }

    /// <summary>Waits until a question that was asked from now on is answered.</summary>
    public async Task UntilAnswered()
    {
        var from = Sent;
        await Hosts.Waiting.Until(() => Answers.Keys.Any(number => number >= from));
    }

    /// <summary>Waits until so many more questions were asked.</summary>
    public async Task Ask(int more)
    {
        var enough = Sent + more;
        await Hosts.Waiting.Until(() => Sent >= enough);
    }

    /// <summary>Waits until so many more were answered.</summary>
    public async Task More(int count)
    {
        var enough = Answered + count;
        await Hosts.Waiting.Until(() => Answered >= enough);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        socket.Dispose();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    /// <summary>The packet of a question; valid until the next one is asked for.</summary>
    protected abstract ReadOnlyMemory<byte> Question(int number);

    /// <summary>Which question a packet answers, and the letter of who did; null: it is no answer.</summary>
    protected abstract (int Number, byte Letter)? Answer(ReadOnlySpan<byte> packet);

    private async Task Send()
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(over.Token))
        {
            try
            {
                await socket.SendAsync(Question(sent), SocketFlags.None, over.Token);
            }
            catch (SocketException)
            {
                // Nobody answers for the address now: it is one more without an answer.
            }

            Interlocked.Increment(ref sent);
        }
    }

    private async Task Receive()
    {
        var packet = new byte[1500];
        while (true)
        {
            try
            {
                var size = await socket.ReceiveAsync(packet, SocketFlags.None, over.Token);
                if (Answer(packet.AsSpan(0, size)) is { } answer)
                {
                    Answers[answer.Number] = answer.Letter;
                }
            }
            catch (SocketException)
            {
                // What became of a question that was sent.
            }
        }
    }
}
