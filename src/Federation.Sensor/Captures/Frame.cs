using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>One frame of a capture; valid only during the call that hands it over.</summary>
public readonly ref struct Frame
{
    /// <summary>How the first header is to be read.</summary>
    public required LinkType Link { get; init; }

    /// <summary>Which of the capture's interfaces it was captured on, from 0.</summary>
    public required int Interface { get; init; }

    /// <summary>When the frame was captured: UTC, in ticks of 100 ns as <see cref="DateTimeOffset.UtcTicks"/> counts them; 0: the file does not tell.</summary>
    public required long Ticks { get; init; }

    /// <summary>Bytes that the frame had on the wire, link-layer header included, however much of it was kept.</summary>
    public required long Length { get; init; }

    /// <summary>The bytes that were kept: from the first one to the snap length.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }
}

/// <summary>Takes one frame; what it wants to keep it has to copy out.</summary>
public delegate void FrameHandler(in Frame frame);
