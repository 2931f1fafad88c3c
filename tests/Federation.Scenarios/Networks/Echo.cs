using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Federation.Scenarios.Networks;

/// <summary>A VM that answers each datagram with what was in it and a letter of its own.</summary>
internal sealed class Echo : IDisposable
{
    public const int Port = 5000;

    private readonly Socket socket;
    private readonly Task answering;

    public Echo(OverlayGuest guest, byte letter)
    {
        socket = guest.Udp(Port);
        answering = Task.Run(() => Answer(letter));
    }

    public void Dispose()
    {
        socket.Dispose();
        answering.Wait();
    }

    private async Task Answer(byte letter)
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var came = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                buffer[came.ReceivedBytes] = letter;
                await socket.SendToAsync(buffer.AsMemory(0, came.ReceivedBytes + 1), SocketFlags.None, came.RemoteEndPoint);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}

/// <summary>Asks a VM every 10 ms, and knows which questions were answered, and by whom.</summary>
internal sealed class Pinging : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Socket socket;
    private readonly CancellationTokenSource over = new();
    private readonly Task sending;
    private readonly Task receiving;
    private int sent;

    public Pinging(OverlayGuest from, IPAddress to)
        : this(from.Udp(0), to)
    {
    }

    /// <param name="socket">Whose datagrams go out; disposed of with this.</param>
    /// <param name="to">Who is asked.</param>
    public Pinging(Socket socket, IPAddress to)
    {
        this.socket = socket;
        socket.Connect(new IPEndPoint(to, Echo.Port));
        (sending, receiving) = (Task.Run(Send), Task.Run(Receive));
    }

    /// <summary>How many questions were asked.</summary>
    public int Sent => Volatile.Read(ref sent);

    /// <summary>The questions that were answered, each with the letter of the one who did.</summary>
    public ConcurrentDictionary<int, byte> Answers { get; } = [];

    /// <summary>How many of the questions from one on to before another have no answer.</summary>
    public int Lost(int from, int to) => Enumerable.Range(from, to - from).Count(number => !Answers.ContainsKey(number));

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

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        socket.Dispose();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    private async Task Send()
    {
        using var timer = new PeriodicTimer(Period);
        var question = new byte[4];
        while (await timer.WaitForNextTickAsync(over.Token))
        {
            BinaryPrimitives.WriteInt32BigEndian(question, sent);
            await socket.SendAsync(question, SocketFlags.None, over.Token);
            Interlocked.Increment(ref sent);
        }
    }

    private async Task Receive()
    {
        var answer = new byte[64];
        while (true)
        {
            if (await socket.ReceiveAsync(answer, SocketFlags.None, over.Token) == 5)
            {
                Answers[BinaryPrimitives.ReadInt32BigEndian(answer)] = answer[4];
            }
        }
    }
}
