using Federation.Sensor.Live.Tables;
using static Federation.Sensor.Live.Kernel.BpfCondition;
using static Federation.Sensor.Live.Kernel.BpfRegister;
using static Federation.Sensor.Live.Kernel.BpfSize;

namespace Federation.Sensor.Live.Kernel;

/// <summary>The socket filter that counts: builds a frame's <see cref="FrameKey"/>, adds to its counters, and lets nothing be copied.</summary>
/// <remarks>
/// The map is found through a holder of one, so that exchanging it there cuts a window. Registers: R6 the frame, R7 where its next header
/// is, R8 the EtherType and later the map, R9 its length.
/// </remarks>
internal static class CountingProgram
{
    private const int LengthField = 0;
    private const int PacketTypeField = 4;
    private const int HasVlanTagField = 20;
    private const int InterfaceField = 40;
    private const int Outgoing = 4;

    private const int Key = -FrameKey.Size;
    private const int Counters = Key - FrameCounters.Size;
    private const int Header = Counters - 24;
    private const int Index = Header - 8;

    private const int OnlyIfNew = 1;

    /// <summary>The program for the map in <paramref name="holder"/>.</summary>
    /// <param name="holder">The descriptor of what holds the map to count in.</param>
    /// <param name="atomically">
    /// Whether another thread may run the program in the midst of it on the same processor, as in real-time kernels.
    /// </param>
    public static BpfInstruction[] For(int holder, bool atomically)
    {
        var code = new BpfAssembler();
        ReadLengthAndEthernet(code);
        SkipTags(code);
        ReadPacket(code);
        Count(code, holder, atomically);
        return code.Assemble();
    }

    private static void ReadLengthAndEthernet(BpfAssembler code)
    {
        code.Copy(R6, R1);
        for (var at = 0; at < FrameKey.Size; at += 8)
        {
            code.Store(Eight, R10, Key + at, 0);
        }

        code.Load(Four, R9, R6, LengthField);
        code.Load(Four, R1, R6, HasVlanTagField);
        code.JumpIf(R1, Equal, 0, "ethernet");

        // The kernel keeps a frame's outer tag apart from its bytes; on the wire it is one of them.
        code.Add(R9, FrameKeyReader.TagLength);
        code.Mark("ethernet");
        code.Set(R7, 0);
        code.Set(R8, 0);
        LoadHeader(code, Key, FrameKeyReader.EthernetLength, "keyed");
        code.Load(Two, R8, R10, Key + FrameKey.VersionAt);
        code.FromNetworkOrder16(R8);
        code.Mark("keyed");
        code.Store(Four, R10, Key + FrameKey.VersionAt, 0);
        code.Load(Four, R1, R6, InterfaceField);
        code.Store(Four, R10, Key + FrameKey.InterfaceAt, R1);
        code.Load(Four, R1, R6, PacketTypeField);
        code.JumpIf(R1, NotEqual, Outgoing, "tags");
        code.Store(One, R10, Key + FrameKey.TowardsAt, 1);
        code.Mark("tags");
        code.Add(R7, FrameKeyReader.EthernetLength);
    }

    private static void SkipTags(BpfAssembler code)
    {
        for (var tag = 0; tag < FrameKeyReader.MostTags; tag++)
        {
            foreach (var type in FrameKeyReader.TagTypes)
            {
                code.JumpIf(R8, Equal, type, $"tag {tag}");
            }

            code.Jump("packet");
            code.Mark($"tag {tag}");
            LoadHeader(code, Header, FrameKeyReader.TagLength, "count");
            code.Load(Two, R8, R10, Header + FrameKeyReader.TagTypeAt);
            code.FromNetworkOrder16(R8);
            code.Add(R7, FrameKeyReader.TagLength);
        }
    }

    private static void ReadPacket(BpfAssembler code)
    {
        code.Mark("packet");
        code.JumpIf(R8, Equal, FrameKeyReader.IPv4Type, "ip");
        code.JumpIf(R8, NotEqual, FrameKeyReader.IPv6Type, "count");
        code.Mark("ip");
        LoadHeader(code, Header, FrameKeyReader.IPv4Length, "count");
        code.Load(One, R1, R10, Header);
        code.ShiftRight(R1, 4);
        code.JumpIf(R1, Equal, 4, "version 4");
        code.JumpIf(R1, NotEqual, 6, "count");

        code.Add(R7, FrameKeyReader.IPv6SourceAt);
        LoadHeader(code, Key + FrameKey.SourceAt, FrameKeyReader.IPv6AddressesLength, "count");
        code.Store(One, R10, Key + FrameKey.VersionAt, 6);
        code.Jump("count");

        code.Mark("version 4");
        code.Load(Four, R1, R10, Header + FrameKeyReader.IPv4SourceAt);
        code.Store(Four, R10, Key + FrameKey.SourceAt, R1);
        code.Load(Four, R1, R10, Header + FrameKeyReader.IPv4DestinationAt);
        code.Store(Four, R10, Key + FrameKey.DestinationAt, R1);
        code.Store(One, R10, Key + FrameKey.VersionAt, 4);
    }

    private static void Count(BpfAssembler code, int holder, bool atomically)
    {
        code.Mark("count");
        code.Store(Four, R10, Index, 0);
        code.LoadMap(R1, holder);
        code.Copy(R2, R10);
        code.Add(R2, Index);
        code.Call(BpfHelper.MapLookup);
        code.JumpIf(R0, Equal, 0, "end");
        code.Copy(R8, R0);

        Find(code);
        code.JumpIf(R0, NotEqual, 0, "add");
        Insert(code);
        code.JumpIf(R0, Equal, 0, "end");

        // Another processor has inserted it meanwhile, or the map is full.
        Find(code);
        code.JumpIf(R0, NotEqual, 0, "add");
        for (var at = 0; at < FrameKey.Size; at += 8)
        {
            code.Store(Eight, R10, Key + at, 0);
        }

        code.Store(One, R10, Key + FrameKey.VersionAt, FrameKey.Overflow);
        Find(code);
        code.JumpIf(R0, Equal, 0, "end");

        code.Mark("add");
        code.Set(R1, 1);
        Increase(code, FrameCounters.PacketsAt, R1, atomically);
        Increase(code, FrameCounters.BytesAt, R9, atomically);
        code.Mark("end");
        code.Set(R0, 0);
        code.Exit();
    }

    private static void Find(BpfAssembler code)
    {
        code.Copy(R1, R8);
        code.Copy(R2, R10);
        code.Add(R2, Key);
        code.Call(BpfHelper.MapLookup);
    }

    private static void Insert(BpfAssembler code)
    {
        code.Store(Eight, R10, Counters + FrameCounters.PacketsAt, 1);
        code.Store(Eight, R10, Counters + FrameCounters.BytesAt, R9);
        code.Copy(R1, R8);
        code.Copy(R2, R10);
        code.Add(R2, Key);
        code.Copy(R3, R10);
        code.Add(R3, Counters);
        code.Set(R4, OnlyIfNew);
        code.Call(BpfHelper.MapUpdate);
    }

    private static void Increase(BpfAssembler code, int at, BpfRegister by, bool atomically)
    {
        if (atomically)
        {
            code.AddAtomically(R0, at, by);
            return;
        }

        code.Load(Eight, R2, R0, at);
        code.Add(R2, by);
        code.Store(Eight, R0, at, R2);
    }

    /// <summary>Copies bytes of the frame from R7 on to the stack; goes to the label, the room zeroed, if the frame is too short.</summary>
    private static void LoadHeader(BpfAssembler code, int to, int length, string otherwise)
    {
        code.Copy(R1, R6);
        code.Copy(R2, R7);
        code.Copy(R3, R10);
        code.Add(R3, to);
        code.Set(R4, length);
        code.Call(BpfHelper.LoadBytes);
        code.JumpIf(R0, NotEqual, 0, otherwise);
    }
}
