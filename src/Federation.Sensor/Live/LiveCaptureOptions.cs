using System.ComponentModel.DataAnnotations;

namespace Federation.Sensor.Live;

/// <summary>Sizes of live capture, and its clock.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>The most combinations of interface, direction and addresses between two cuts; frames of further ones are told as dropped. Default 65,536.</summary>
    /// <remarks>The kernel backend takes about 290 bytes + 32 bytes for each processor apiece, at once; the others as they are needed.</remarks>
    [Range(1, 1 << 24)]
    public int Capacity { get; init; } = 1 << 16;

    /// <summary>Bytes of the buffer of each point, which holds frames' headers until they are counted; the kernel backend has none. Default 4 MiB.</summary>
    /// <remarks>160 bytes a frame: 4 MiB hold some 26,000 frames, for every point apart.</remarks>
    [Range(1 << 19, 1 << 30)]
    public int BufferBytes { get; init; } = 1 << 22;

    /// <summary>Tells when a cut is made.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
