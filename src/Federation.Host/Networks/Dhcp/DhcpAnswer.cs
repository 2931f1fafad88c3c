using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using PacketDotNet;

namespace Federation.Host.Networks.Dhcp;

/// <summary>Answers to a VM's questions for its address. Pure. Source: RFC 2131 and RFC 2132.</summary>
/// <remarks>
/// The address is the VM's for good, so that a lease never ends and nobody has to be found again: who answers has no address on the network. A router is
/// told to VMs that have a public address, and to no other: nothing of theirs would come through. No name server is told: there is none.
/// </remarks>
internal static class DhcpAnswer
{
    private const int Options = 240;
    private const uint Cookie = 0x63825363;
    private const byte Mask = 1;
    private const byte Router = 3;
    private const byte LongestPacket = 26;
    private const byte Wanted = 50;
    private const byte LeaseTime = 51;
    private const byte Kind = 53;
    private const byte Server = 54;
    private const byte End = 255;

    private enum Message : byte
    {
        Discover = 1,
        Offer = 2,
        Request = 3,
        Ack = 5,
        Nak = 6,
        Inform = 8,
    }

    /// <summary>The frame that answers one; null: it is no question of this VM that is answered.</summary>
    /// <param name="frame">What the VM sent.</param>
    /// <param name="lease">What it may be told.</param>
    public static byte[]? To(byte[] frame, TapLease lease)
    {
        if (QuestionIn(frame) is not { } question || !question.AsSpan(28, 6).SequenceEqual(lease.Mac.ToBytes()))
        {
            return null;
        }

        var asked = Read(question);
        if (asked.TryGetValue(Server, out var server) && !server.AsSpan().SequenceEqual(lease.Subnet.Own.ToBytes()))
        {
            return null;
        }

        var own = question.AsSpan(12, 4);
        ReadOnlySpan<byte> wanted = asked.TryGetValue(Wanted, out var named) ? named : own;
        return (asked.TryGetValue(Kind, out var kind) && kind.Length == 1 ? (Message)kind[0] : 0) switch
        {
            Message.Discover => Frame(question, lease, Message.Offer),
            Message.Request => Frame(question, lease, wanted.SequenceEqual(lease.Address.ToBytes()) ? Message.Ack : Message.Nak),
            Message.Inform => Frame(question, lease, Message.Ack, isInform: true),
            _ => null,
        };
    }

    private static byte[]? QuestionIn(byte[] frame)
    {
        try
        {
            return Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<UdpPacket>() is { DestinationPort: 67 } udp
                && udp.Data() is { Length: > Options } bytes && bytes[0] == 1 && bytes[1] == 1 && bytes[2] == 6
                && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(236)) == Cookie ? bytes : null;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The VM wrote it: it may be anything.
            return null;
        }
    }

    private static byte[] Data(this UdpPacket udp) => udp.HasPayloadPacket ? udp.PayloadPacket.Bytes : udp.PayloadData;

    private static Dictionary<byte, byte[]> Read(byte[] question)
    {
        var found = new Dictionary<byte, byte[]>();
        for (var at = Options; at + 1 < question.Length && question[at] != End;)
        {
            if (question[at] == 0)
            {
                at++;
                continue;
            }

            var length = question[at + 1];
            if (at + 2 + length > question.Length)
            {
                break;
            }

            found.TryAdd(question[at], question[(at + 2)..(at + 2 + length)]);
            at += 2 + length;
        }

        return found;
    }

    // What is not filled in stays as the question has it: its number, its flags, the address that the VM says it has.
    private static byte[] Frame(byte[] question, TapLease lease, Message kind, bool isInform = false)
    {
        var isNak = kind == Message.Nak;
        byte[] options =
        [
            Kind, 1, (byte)kind, Server, 4, .. lease.Subnet.Own.ToBytes(),
            .. isNak ? [] : (byte[])[Mask, 4, .. Word(uint.MaxValue << (32 - lease.Subnet.Length)), LongestPacket, 2, (byte)(lease.Mtu >> 8), (byte)lease.Mtu],
            .. !isNak && lease.Router is { } router ? (byte[])[Router, 4, .. router.ToBytes()] : [],
            .. isNak || isInform ? [] : (byte[])[LeaseTime, 4, .. Word(uint.MaxValue)],
            End,
        ];
        var answer = new byte[Math.Max(300, Options + options.Length)];
        question.AsSpan(0, 16).CopyTo(answer);
        (answer[0], answer[3], answer[8], answer[9]) = (2, 0, 0, 0);
        (isNak || isInform ? [] : lease.Address.ToBytes()).CopyTo(answer, 16);
        question.AsSpan(28, 16).CopyTo(answer.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(236), Cookie);
        options.CopyTo(answer, Options);
        return Wrapped(answer, lease, isInform ? new IPAddress(question.AsSpan(12, 4)) : IPAddress.Broadcast);
    }

    private static byte[] Wrapped(byte[] answer, TapLease lease, IPAddress to)
    {
        var udp = new UdpPacket(67, 68) { PayloadData = answer };
        var ip = new IPv4Packet(new IPAddress(lease.Subnet.Own.ToBytes()), to) { TimeToLive = 64, PayloadPacket = udp };
        var whole = new EthernetPacket(new PhysicalAddress([2, 0xfb, 0, 0, 0, 0]), new PhysicalAddress(lease.Mac.ToBytes()), EthernetType.IPv4) { PayloadPacket = ip };
        ip.UpdateCalculatedValues();
        udp.UpdateCalculatedValues();
        udp.UpdateUdpChecksum();
        ip.UpdateIPChecksum();
        return whole.Bytes;
    }

    private static byte[] Word(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
