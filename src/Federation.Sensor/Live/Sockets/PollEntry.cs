using System.Runtime.InteropServices;

namespace Federation.Sensor.Live.Sockets;

/// <summary>One descriptor to wait on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    /// <summary>The descriptor.</summary>
    public int Descriptor;

    /// <summary>What is waited for.</summary>
    public short Wanted;

    /// <summary>What there was.</summary>
    public short Found;
}
