using System.Runtime.InteropServices;

namespace Federation.Sensor.Live.Tables;

/// <summary>What is counted for one key; the kernel's program adds to the same 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameCounters
{
    public const int Size = 16;
    public const int PacketsAt = 0;
    public const int BytesAt = 8;

    /// <summary>Frames.</summary>
    public long Packets;

    /// <summary>Their original lengths together.</summary>
    public long Bytes;
}
