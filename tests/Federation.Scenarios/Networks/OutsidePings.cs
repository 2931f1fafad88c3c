using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Sends an ICMP echo request every 10 ms.</summary>
internal sealed class OutsidePings(NetworkNamespace from, string to) : Questions(Socket(from, to))
{
    private const ushort Id = 0x4645;

    private readonly byte[] packet = new byte[12];

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Question(int number)
    {
        // Its own number in the data: that of ICMP has 16 bits only.
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x0800_0000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), Id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)number);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(8), number);
        var sum = 0;
        for (var index = 0; index < packet.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(index));
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)~((sum & 0xffff) + (sum >> 16)));
        return packet;
    }

    /// <inheritdoc/>
    /// <remarks>The header of IP comes with it.</remarks>
    protected override (int Number, byte Letter)? Answer(ReadOnlySpan<byte> packet) =>
        packet.Length == 32 && packet[20] == 0 && BinaryPrimitives.ReadUInt16BigEndian(packet[24..]) == Id ? (BinaryPrimitives.ReadInt32BigEndian(packet[28..]), 0) : null;

    private static Socket Socket(NetworkNamespace from, string to)
    {
        var socket = from.Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        socket.Connect(new IPEndPoint(IPAddress.Parse(to), 0));
        return socket;
    }
}
