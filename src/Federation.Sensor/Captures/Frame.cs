using PacketDotNet;

namespace Federation.Sensor.Captures;

/// <summary>One frame of a capture; valid only during the call that hands it over.</summary>
public readonly ref struct Frame
{
    /// <summary>How the first header is to be read.</summary>
    public required LinkLayers Link { get; init; }

    /// <summary>When the frame was captured, UTC, to the microsecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Bytes that the frame had on the wire, link-layer header included, however much of it was kept.</summary>
    public required long Length { get; init; }

    /// <summary>The bytes that were kept: from the first one to the snap length.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>Takes one frame; what it wants to keep it has to copy out.</summary>
public delegate void FrameHandler(in Frame frame);
