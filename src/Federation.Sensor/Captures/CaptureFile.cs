using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>Reads capture files: pcap and pcapng, gzipped or not, told apart by their first bytes, not by name.</summary>
public static class CaptureFile
{
    /// <summary>Hands every frame of a capture to <paramref name="handle"/>, in the file's order.</summary>
    /// <remarks>
    /// One pass in constant memory. A file that is cut or damaged after its header gives the frames before that place. Frames of interfaces
    /// whose link type is not read are handed over too, as long as another interface's is.
    /// </remarks>
    /// <exception cref="CaptureException">The file is missing, empty, no capture, or none of its link types is read.</exception>
    /// <exception cref="IOException">The disk failed underneath.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static CaptureEnd Read(string path, FrameHandler handle, CancellationToken cancel = default) => Read(path, int.MaxValue, handle, cancel)!;

    /// <summary>The same, as long as the capture names one interface only.</summary>
    /// <returns>Null: it names another one, and what was handed over until then is not all.</returns>
    internal static CaptureEnd? ReadOfOne(string path, FrameHandler handle, CancellationToken cancel) => Read(path, 1, handle, cancel);

    private static CaptureEnd? Read(string path, int interfaces, FrameHandler handle, CancellationToken cancel)
    {
        using var source = CaptureSource.Open(path);
        var input = new ByteWindow(source.Content);
        try
        {
            var format = CaptureFormats.Open(input);
            var end = ReadFrames(format, interfaces, handle, cancel);
            if (end is null)
            {
                return null;
            }

            RequireLinkType(format.Links, path);

            // A cut gzip stream looks like a cut capture, or, cut between two frames, like a whole one.
            return source.Damage is { } damage ? end with { Truncated = damage } : end;
        }
        catch (FormatException refused)
        {
            throw new CaptureException(
                path, $"no capture ({source.Damage ?? refused.Message}); a pcap or pcapng file is wanted, gzipped or not", refused);
        }
    }

    private static CaptureEnd? ReadFrames(IFrameSource source, int interfaces, FrameHandler handle, CancellationToken cancel)
    {
        long frames = 0;
        long last = FrameTime.Unknown;
        while (source.TryRead(out var frame))
        {
            cancel.ThrowIfCancellationRequested();
            if (source.Links.Count > interfaces)
            {
                return null;
            }

            handle(in frame);
            frames++;
            last = frame.Ticks == FrameTime.Unknown ? last : frame.Ticks;
        }

        return new CaptureEnd(frames, last == FrameTime.Unknown ? null : new DateTimeOffset(last, TimeSpan.Zero), source.Damage)
        {
            Mistimed = source.Mistimed,
        };
    }

    private static void RequireLinkType(IReadOnlyCollection<LinkType> links, string path)
    {
        if (!links.Any(LinkTypes.IsRead))
        {
            var names = string.Join(", ", links.Distinct().Select(LinkTypes.TextOf));
            throw new CaptureException(path, $"link type {names} is not read; {LinkTypes.ReadNames}");
        }
    }
}

/// <summary>How the reading of a capture ended.</summary>
/// <param name="Frames">Frames that were read.</param>
/// <param name="LastFrame">The time stamp of the last frame that has one, null without such frames.</param>
/// <param name="Truncated">Why the rest of the file could not be read, fit to show to a user; null if there is no rest.</param>
public sealed record CaptureEnd(long Frames, DateTimeOffset? LastFrame, string? Truncated)
{
    /// <summary>Frames whose time stamp cannot be: its fraction is more than a second, or it is no time from 1970 to 2106.</summary>
    public long Mistimed { get; init; }
}
