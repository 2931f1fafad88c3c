using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Sends an ICMP echo request every 10 ms, and knows which were answered.</summary>
internal sealed class OutsidePings : IAsyncDisposable
{
    private const ushort Id = 0x4645;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Socket socket;
    private readonly CancellationTokenSource over = new();
    private readonly Task sending;
    private readonly Task receiving;
    private readonly ConcurrentDictionary<int, bool> answers = [];
    private int sent;

    public OutsidePings(NetworkNamespace from, string to)
    {
        socket = from.Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        socket.Connect(new IPEndPoint(IPAddress.Parse(to), 0));
        (sending, receiving) = (Task.Run(Send), Task.Run(Receive));
    }

    /// <summary>How many were sent.</summary>
    public int Sent => Volatile.Read(ref sent);

    /// <summary>How many were answered.</summary>
    public int Answered => answers.Count;

    /// <summary>Of those from one on to before another: how many have no answer, and the longest row of them.</summary>
    public (int Lost, int Longest) Gaps(int from, int to)
    {
        var (lost, row, longest) = (0, 0, 0);
        for (var number = from; number < to; number++)
        {
            row = answers.ContainsKey(number) ? 0 : row + 1;
            (lost, longest) = (lost + (row > 0 ? 1 : 0), Math.Max(longest, row));
        }

        return (lost, longest);
    }

    /// <summary>Waits until one that was sent from now on is answered.</summary>
    public async Task UntilAnswered()
    {
        var from = Sent;
        await Hosts.Waiting.Until(() => answers.Keys.Any(number => number >= from));
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

    private async Task Send()
    {
        using var timer = new PeriodicTimer(Period);
        var packet = new byte[12];
        while (await timer.WaitForNextTickAsync(over.Token))
        {
            // Its own number in the data: that of ICMP has 16 bits only.
            BinaryPrimitives.WriteUInt32BigEndian(packet, 0x0800_0000);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), Id);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)sent);
            BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(8), sent);
            var sum = 0;
            for (var index = 0; index < packet.Length; index += 2)
            {
                sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(index));
            }

            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)~((sum & 0xffff) + (sum >> 16)));
            try
            {
                await socket.SendAsync(packet, SocketFlags.None, over.Token);
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
                // The header of IP comes with it.
                if (await socket.ReceiveAsync(packet, SocketFlags.None, over.Token) == 32 && packet[20] == 0 && BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(24)) == Id)
                {
                    answers[BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(28))] = true;
                }
            }
            catch (SocketException)
            {
                // What became of a request that was sent.
            }
        }
    }
}
