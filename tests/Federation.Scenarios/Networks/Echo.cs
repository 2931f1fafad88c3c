using System.Buffers.Binary;
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

/// <summary>Asks a VM every 10 ms by a datagram.</summary>
/// <param name="socket">Whose datagrams go out; disposed of with this.</param>
/// <param name="to">Who is asked.</param>
internal sealed class Pinging(Socket socket, IPAddress to) : Questions(Connected(socket, to))
{
    private readonly byte[] question = new byte[4];

    public Pinging(OverlayGuest from, IPAddress to)
        : this(from.Udp(0), to)
    {
    }

    /// <summary>How many of the questions from one on to before another have no answer.</summary>
    public int Lost(int from, int to) => Gaps(from, to).Lost;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Question(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(question, number);
        return question;
    }

    /// <inheritdoc/>
    protected override (int Number, byte Letter)? Answer(ReadOnlySpan<byte> packet) => packet.Length == 5 ? (BinaryPrimitives.ReadInt32BigEndian(packet), packet[4]) : null;

    private static Socket Connected(Socket socket, IPAddress to)
    {
        socket.Connect(new IPEndPoint(to, Echo.Port));
        return socket;
    }
}
