using Federation.Sensor.Headers;
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
    private const int HasVlanTagField = 20;

    private const int Key = FrameCode.Key;
    private const int Counters = Key - FrameCounters.Size;
    private const int Header = FrameCode.Header;
    private const int Index = Header - 8;

    private const int OnlyIfNew = 1;

    /// <summary>The program for the map in <paramref name="holder"/>.</summary>
    /// <param name="holder">The descriptor of what holds the map to count in.</param>
    /// <param name="atomically">
    /// Whether another thread may run the program in the midst of it on the same processor, as in real-time kernels.
    /// </param>
    /// <param name="inner">Whether a frame in VXLAN or GENEVE is counted in place of the one around it.</param>
    public static BpfInstruction[] For(int holder, bool atomically, bool inner = false)
    {
        var code = new BpfAssembler();
        Begin(code);
        new FrameCode(code, isInner: false, tunnel: inner ? "tunnel" : "count").Emit();
        if (inner)
        {
            code.Mark("tunnel");
            EnterTunnel(code);
            new FrameCode(code, isInner: true, tunnel: "count").Emit();
        }

        TellProtocol(code);
        Count(code, holder, atomically);
        return code.Assemble();
    }

    private static void Begin(BpfAssembler code)
    {
        code.Copy(R6, R1);
        Clear(code);
        code.Load(Four, R9, R6, LengthField);
        code.Load(Four, R1, R6, HasVlanTagField);
        code.JumpIf(R1, Equal, 0, "begin");

        // The kernel keeps a frame's outer tag apart from its bytes; on the wire it is one of them.
        code.Add(R9, FrameKeyReader.TagLength);
        code.Mark("begin");
        code.Set(R7, 0);
    }

    private static void Clear(BpfAssembler code)
    {
        for (var at = 0; at < FrameKey.Size; at += 8)
        {
            code.Store(Eight, R10, Key + at, 0);
        }
    }

    /// <summary>Goes from UDP to the Ethernet frame in a tunnel, its key empty again; or to the count, if there is none.</summary>
    private static void EnterTunnel(BpfAssembler code)
    {
        const int flagsAt = FrameKeyReader.UdpLength;
        FrameCode.LoadHeader(code, Header, FrameKeyReader.UdpLength + FrameKeyReader.TunnelLength, "count");
        code.Load(Two, R8, R10, Header + FrameKeyReader.UdpPortAt);
        code.FromNetworkOrder16(R8);
        code.Load(One, R1, R10, Header + flagsAt);
        code.JumpIf(R8, Equal, FrameKeyReader.VxlanPort, "vxlan");
        code.JumpIf(R8, Equal, FrameKeyReader.OldVxlanPort, "vxlan");
        code.JumpIf(R8, NotEqual, FrameKeyReader.GenevePort, "count");

        code.JumpIf(R1, AtLeast, 1 << FrameKeyReader.GeneveVersionBits, "count");
        code.Load(Two, R8, R10, Header + flagsAt + FrameKeyReader.TunnelTypeAt);
        code.FromNetworkOrder16(R8);
        code.JumpIf(R8, NotEqual, EtherTypes.Ethernet, "count");
        code.ShiftLeft(R1, 2);
        code.Add(R7, R1);
        code.Jump("enter");

        code.Mark("vxlan");
        code.And(R1, FrameKeyReader.VxlanFlag);
        code.JumpIf(R1, Equal, 0, "count");
        code.Mark("enter");
        code.Add(R7, FrameKeyReader.UdpLength + FrameKeyReader.TunnelLength);
        Clear(code);
    }

    /// <summary>Where frames go that have no IP addresses: says what they were.</summary>
    private static void TellProtocol(BpfAssembler code)
    {
        code.Mark("other");
        code.JumpIf(R8, Equal, 0, "count");
        code.JumpIf(R8, AtLeast, EtherTypes.Least, "told");
        code.Set(R8, FrameKeyReader.Llc);
        code.Mark("told");
        code.Store(Two, R10, Key + FrameKey.ProtocolAt, R8);
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
        Clear(code);
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
}
