using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Sockets;

/// <summary>Classic socket filters that cut frames to their headers, and take those of one direction or of both.</summary>
internal static unsafe class SnapFilter
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;
    private const ushort ReturnConstant = 0x06;
    private const ushort LoadByte = 0x30;
    private const ushort JumpIfEqual = 0x15;
    private const uint PacketType = 0xFFFFF004;
    private const uint Outgoing = 4;

    /// <summary>Keeps so many bytes of each frame.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Keep(SafeFileHandle socket, int bytes) => Attach(socket, [new(ReturnConstant, 0, 0, (uint)bytes)]);

    /// <summary>Keeps so many bytes of each frame that goes out (<paramref name="towards"/>), or of each that comes in.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Keep(SafeFileHandle socket, int bytes, bool towards) => Attach(socket,
    [
        new(LoadByte, 0, 0, PacketType),
        new(JumpIfEqual, (byte)(towards ? 0 : 1), (byte)(towards ? 1 : 0), Outgoing),
        new(ReturnConstant, 0, 0, (uint)bytes),
        new(ReturnConstant, 0, 0, 0),
    ]);

    private static void Attach(SafeFileHandle socket, ReadOnlySpan<Instruction> instructions)
    {
        fixed (Instruction* start = instructions)
        {
            var program = new Program { Length = (ushort)instructions.Length, Instructions = start };
            if (LibC.SetOption(socket, SocketLevel, AttachFilter, &program, (uint)sizeof(Program)) < 0)
            {
                throw NativeFault.Last("attaching the filter that cuts frames to their headers");
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Constant);

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct Program
    {
        [FieldOffset(0)]
        public ushort Length;

        [FieldOffset(8)]
        public Instruction* Instructions;
    }
}
