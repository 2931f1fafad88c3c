using System.Runtime.InteropServices;

namespace Federation.Sensor.Live.Kernel;

/// <summary>One eBPF instruction as the kernel takes it: 8 bytes.</summary>
/// <param name="Code">Class, size or operation, and mode.</param>
/// <param name="Registers">Destination in the low four bits, source in the high four.</param>
/// <param name="Offset">Bytes for a memory access, instructions for a jump.</param>
/// <param name="Immediate">A constant.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BpfInstruction(byte Code, byte Registers, short Offset, int Immediate)
{
    /// <summary>An instruction with its registers by name.</summary>
    public static BpfInstruction Of(
        int code, BpfRegister destination = default, BpfRegister source = default, int offset = 0, int immediate = 0) =>
        new((byte)code, (byte)((int)destination | ((int)source << 4)), checked((short)offset), immediate);
}

/// <summary>R0: result. R1 to R5: arguments, lost in a call. R6 to R9: kept over calls. R10: the end of the stack, read only.</summary>
internal enum BpfRegister : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
}

/// <summary>How many bytes a load or store moves, as encoded.</summary>
internal enum BpfSize : byte
{
    Four = 0x00,
    Two = 0x08,
    One = 0x10,
    Eight = 0x18,
}

/// <summary>When a jump is taken, as encoded.</summary>
internal enum BpfCondition : byte
{
    Equal = 0x10,

    /// <summary>Of unsigned numbers.</summary>
    AtLeast = 0x30,
    NotEqual = 0x50,
}

/// <summary>Functions of the kernel that a program may call.</summary>
internal enum BpfHelper
{
    MapLookup = 1,
    MapUpdate = 2,
    LoadBytes = 26,
}
