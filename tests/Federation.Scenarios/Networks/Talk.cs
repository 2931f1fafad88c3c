using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>A TCP connection whose one end sends a number every 10 ms and whose other end sends it back.</summary>
internal sealed class Talk : IAsyncDisposable
{
    private const int Port = 7000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource over = new();
    private readonly Socket listener;
    private readonly Socket client;
    private readonly Task[] work;
    private int answered;
    private long longest;
    private long last;

    private Talk(Socket listener, Socket server, Socket client)
    {
        (this.listener, this.client) = (listener, client);
        last = Stopwatch.GetTimestamp();
        work = [Task.Run(() => Answer(server)), Task.Run(Send), Task.Run(Receive)];
    }

    /// <summary>How many numbers came back, in order.</summary>
    public int Answered => Volatile.Read(ref answered);

    /// <summary>The address that the listening end sees the other one at.</summary>
    public IPAddress? Peer { get; private init; }

    /// <summary>Connects.</summary>
    /// <param name="server">Where it listens.</param>
    /// <param name="from">Who connects.</param>
    /// <param name="to">The address that is connected to.</param>
    public static async Task<Talk> Begin(NetworkNamespace server, NetworkNamespace from, string to)
    {
        var listener = server.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen();
        var client = from.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.NoDelay = true;
        var accepted = listener.AcceptAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.ConnectAsync(new IPEndPoint(IPAddress.Parse(to), Port), limit.Token);
        var other = await accepted;
        other.NoDelay = true;
        return new(listener, other, client) { Peer = ((IPEndPoint)other.RemoteEndPoint!).Address };
    }

    /// <summary>The longest time without an answer since this was asked last.</summary>
    public TimeSpan LongestPause() => Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref longest, 0));

    /// <summary>Waits until so many more numbers came back.</summary>
    public async Task More(int count)
    {
        var enough = Answered + count;
        await Hosts.Waiting.Until(() => work.Any(each => each.IsCompleted) || Answered >= enough);
        if (Answered < enough)
        {
            throw new IOException("the connection is over", (await Task.WhenAny(work)).Exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        client.Dispose();
        listener.Dispose();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        over.Dispose();
    }

    private async Task Answer(Socket socket)
    {
        using var own = socket;
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, over.Token) is > 0 and var length)
        {
            await socket.SendAsync(buffer.AsMemory(0, length), over.Token);
        }
    }

    private async Task Send()
    {
        using var timer = new PeriodicTimer(Period);
        var number = new byte[4];
        for (var next = 0; await timer.WaitForNextTickAsync(over.Token); next++)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, next);
            await client.SendAsync(number, over.Token);
        }
    }

    private async Task Receive()
    {
        var number = new byte[4];
        await using var stream = new NetworkStream(client, ownsSocket: false);
        while (true)
        {
            await stream.ReadExactlyAsync(number, over.Token);
            if (BinaryPrimitives.ReadInt32BigEndian(number) != answered)
            {
                throw new InvalidDataException($"{BinaryPrimitives.ReadInt32BigEndian(number)} came, and {answered} should have");
            }

            var now = Stopwatch.GetTimestamp();
            Interlocked.Exchange(ref longest, Math.Max(longest, now - last));
            last = now;
            Interlocked.Increment(ref answered);
        }
    }
}
