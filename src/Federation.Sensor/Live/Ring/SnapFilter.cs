using System.Runtime.InteropServices;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Ring;

/// <summary>A socket filter of one instruction: keeps so many bytes of each frame.</summary>
internal static unsafe class SnapFilter
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;
    private const ushort ReturnConstant = 0x06;

    /// <summary>Sets how many bytes are kept.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Keep(PacketSocket socket, int bytes)
    {
        var instruction = new Instruction { Code = ReturnConstant, Constant = (uint)bytes };
        var program = new Program { Length = 1, Instructions = &instruction };
        socket.Set(SocketLevel, AttachFilter, program, "attaching the filter that cuts frames to their headers");
    }

    [StructLayout(LayoutKind.Explicit, Size = 8)]
    private struct Instruction
    {
        [FieldOffset(0)]
        public ushort Code;

        [FieldOffset(4)]
        public uint Constant;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct Program
    {
        [FieldOffset(0)]
        public ushort Length;

        [FieldOffset(8)]
        public Instruction* Instructions;
    }
}
