using Federation.Sensor.Headers;
using Federation.Sensor.Live.Tables;
using static Federation.Sensor.Live.Kernel.BpfCondition;
using static Federation.Sensor.Live.Kernel.BpfRegister;
using static Federation.Sensor.Live.Kernel.BpfSize;

namespace Federation.Sensor.Live.Kernel;

/// <summary>The part of the counting program that reads one frame into the key: from Ethernet at R7 to the IP addresses.</summary>
/// <remarks>
/// Goes on at the label <c>count</c> with IP addresses, at <c>other</c> without; the type at which it ended is in R8. Labels carry the part's name, since
/// a program has it twice: loops that the kernel's verifier takes need a newer kernel.
/// </remarks>
/// <param name="code">The program.</param>
/// <param name="isInner">Whether it is the frame in a tunnel: then the length counts from it on.</param>
/// <param name="tunnel">Where to go with UDP, R7 at its header.</param>
internal sealed class FrameCode(BpfAssembler code, bool isInner, string tunnel)
{
    /// <summary>Where the key is on the stack.</summary>
    public const int Key = -FrameKey.Size;

    /// <summary>Where headers are copied to: room for 24 bytes.</summary>
    public const int Header = Key - FrameCounters.Size - 24;

    private const int LengthField = 0;
    private const int PacketTypeField = 4;
    private const int InterfaceField = 40;
    private const int Outgoing = 4;
    private const string Other = "other";

    /// <summary>Adds it to the program.</summary>
    public void Emit()
    {
        ReadEthernet();
        SkipTags();
        SkipPppoe();
        SkipLabels();
        ReadPacket();
    }

    /// <summary>Copies bytes of the frame from R7 on to the stack; goes to the label, the room zeroed, if the frame is too short.</summary>
    public static void LoadHeader(BpfAssembler code, int to, int length, string otherwise)
    {
        code.Copy(R1, R6);
        code.Copy(R2, R7);
        code.Copy(R3, R10);
        code.Add(R3, to);
        code.Set(R4, length);
        code.Call(BpfHelper.LoadBytes);
        code.JumpIf(R0, NotEqual, 0, otherwise);
    }

    private string Label(string name) => isInner ? $"inner {name}" : name;

    private void LoadHeader(int length, string otherwise) => LoadHeader(code, Header, length, otherwise);

    private void LoadType(int at)
    {
        code.Load(Two, R8, R10, at);
        code.FromNetworkOrder16(R8);
    }

    private void ReadEthernet()
    {
        code.Set(R8, 0);
        LoadHeader(code, Key, FrameKeyReader.EthernetLength, Label("keyed"));
        LoadType(Key + FrameKey.VersionAt);
        if (isInner)
        {
            code.Load(Four, R9, R6, LengthField);
            code.Subtract(R9, R7);
        }

        code.Mark(Label("keyed"));
        code.Store(Four, R10, Key + FrameKey.VersionAt, 0);
        code.Load(Four, R1, R6, InterfaceField);
        code.Store(Four, R10, Key + FrameKey.InterfaceAt, R1);
        code.Load(Four, R1, R6, PacketTypeField);
        code.JumpIf(R1, NotEqual, Outgoing, Label("tags"));
        code.Store(One, R10, Key + FrameKey.TowardsAt, 1);
        code.Mark(Label("tags"));
        code.Add(R7, FrameKeyReader.EthernetLength);
    }

    private void SkipTags()
    {
        for (var tag = 0; tag < FrameKeyReader.MostTags; tag++)
        {
            foreach (var type in FrameKeyReader.TagTypes)
            {
                code.JumpIf(R8, Equal, type, Label($"tag {tag}"));
            }

            code.Jump(Label("pppoe"));
            code.Mark(Label($"tag {tag}"));
            LoadHeader(FrameKeyReader.TagLength, Other);
            LoadType(Header + FrameKeyReader.TagTypeAt);
            code.Add(R7, FrameKeyReader.TagLength);
        }
    }

    private void SkipPppoe()
    {
        code.Mark(Label("pppoe"));
        code.JumpIf(R8, NotEqual, EtherTypes.PppoeSession, Label("mpls"));
        LoadHeader(FrameKeyReader.PppoeLength, Other);
        code.Load(One, R1, R10, Header + FrameKeyReader.PppoeCodeAt);
        code.JumpIf(R1, NotEqual, 0, Other);
        code.Add(R7, FrameKeyReader.PppoeLength);
        code.Load(Two, R1, R10, Header + FrameKeyReader.PppProtocolAt);
        code.FromNetworkOrder16(R1);
        foreach (var (protocol, type) in ((int, int)[])
            [(FrameKeyReader.PppIPv4, EtherTypes.IPv4), (FrameKeyReader.PppIPv6, EtherTypes.IPv6), (FrameKeyReader.PppMpls, EtherTypes.MplsUnicast)])
        {
            code.JumpIf(R1, NotEqual, protocol, Label($"not {protocol}"));
            code.Set(R8, type);
            code.Mark(Label($"not {protocol}"));
        }
    }

    private void SkipLabels()
    {
        code.Mark(Label("mpls"));
        code.JumpIf(R8, Equal, EtherTypes.MplsUnicast, Label("labels"));
        code.JumpIf(R8, NotEqual, EtherTypes.MplsMulticast, Label("packet"));
        code.Mark(Label("labels"));
        for (var label = 0; label < FrameKeyReader.MostLabels; label++)
        {
            LoadHeader(FrameKeyReader.LabelLength, Other);
            code.Add(R7, FrameKeyReader.LabelLength);
            code.Load(One, R1, R10, Header + FrameKeyReader.LabelEndAt);
            code.And(R1, 1);
            code.JumpIf(R1, NotEqual, 0, Label("bottom"));
        }

        code.Jump(Other);
        code.Mark(Label("bottom"));
        LoadHeader(1, Other);
        LoadVersion();
        code.JumpIf(R1, Equal, 4, Label("labelled 4"));
        code.JumpIf(R1, NotEqual, 6, Other);
        code.Set(R8, EtherTypes.IPv6);
        code.Jump(Label("packet"));
        code.Mark(Label("labelled 4"));
        code.Set(R8, EtherTypes.IPv4);
    }

    private void LoadVersion()
    {
        code.Load(One, R1, R10, Header);
        code.ShiftRight(R1, 4);
    }

    private void ReadPacket()
    {
        code.Mark(Label("packet"));
        code.JumpIf(R8, Equal, EtherTypes.IPv4, Label("ip"));
        code.JumpIf(R8, NotEqual, EtherTypes.IPv6, Other);
        code.Mark(Label("ip"));
        LoadHeader(FrameKeyReader.IPv4Length, Other);
        LoadVersion();
        code.JumpIf(R8, Equal, EtherTypes.IPv4, Label("version 4"));

        code.JumpIf(R1, NotEqual, 6, Other);
        code.Add(R7, FrameKeyReader.IPv6SourceAt);
        LoadHeader(code, Key + FrameKey.SourceAt, FrameKeyReader.IPv6AddressesLength, Other);
        code.Add(R7, FrameKeyReader.IPv6AddressesLength);
        code.Store(One, R10, Key + FrameKey.VersionAt, 6);
        code.Load(One, R1, R10, Header + FrameKeyReader.IPv6NextAt);
        code.JumpIf(R1, Equal, FrameKeyReader.Udp, tunnel);
        code.Jump("count");

        code.Mark(Label("version 4"));
        code.JumpIf(R1, NotEqual, 4, Other);
        ReadIPv4();
    }

    private void ReadIPv4()
    {
        code.Load(Four, R1, R10, Header + FrameKeyReader.IPv4SourceAt);
        code.Store(Four, R10, Key + FrameKey.SourceAt, R1);
        code.Load(Four, R1, R10, Header + FrameKeyReader.IPv4DestinationAt);
        code.Store(Four, R10, Key + FrameKey.DestinationAt, R1);
        code.Store(One, R10, Key + FrameKey.VersionAt, 4);
        code.Load(Two, R1, R10, Header + FrameKeyReader.IPv4FragmentAt);
        code.FromNetworkOrder16(R1);
        code.And(R1, FrameKeyReader.LaterFragmentMask);
        code.JumpIf(R1, NotEqual, 0, "count");
        code.Load(One, R1, R10, Header);
        code.And(R1, 0xF);
        code.ShiftLeft(R1, 2);
        code.Add(R7, R1);
        code.Load(One, R1, R10, Header + FrameKeyReader.IPv4ProtocolAt);
        code.JumpIf(R1, Equal, FrameKeyReader.Udp, tunnel);
        code.Jump("count");
    }
}
