using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Federation.Sensor.Captures;

/// <summary>Reads capture files: pcap and pcapng, gzipped or not, told apart by their first bytes, not by name.</summary>
public static class CaptureFile
{
    /// <summary>Hands every frame of a capture to <paramref name="handle"/>, in the file's order.</summary>
    /// <remarks>
    /// One pass in constant memory. A file that is cut or damaged after its header gives the frames before that place.
    /// </remarks>
    /// <exception cref="CaptureException">The file is missing, empty, no capture, or of an unsupported link type.</exception>
    /// <exception cref="IOException">The disk failed underneath.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static CaptureEnd Read(string path, FrameHandler handle, CancellationToken cancel = default)
    {
        using var source = CaptureSource.Open(path);
        CaptureEnd end;
        using (var device = Open(source, path))
        {
            LinkLayer.Require(device.LinkType, path);
            end = ReadFrames(device, handle, cancel);
        }

        // A cut gzip stream looks like a cut capture to libpcap, or, cut between two frames, like a whole one.
        return source.Finish() is { } damage ? end with { Truncated = damage } : end;
    }

    private static CaptureFileReaderDevice Open(CaptureSource source, string path)
    {
        var device = new CaptureFileReaderDevice(source.Name);
        try
        {
            device.Open(new DeviceConfiguration());
            source.Opened();
            return device;
        }
        catch (PcapException refused)
        {
            device.Dispose();
            var reason = refused.Message[(refused.Message.IndexOf(':') + 1)..].Trim();
            var fault = source.Finish() ?? reason;
            throw new CaptureException(path, $"no capture ({fault}); a pcap or pcapng file is wanted, gzipped or not", refused);
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException)
        {
            device.Dispose();
            throw new CaptureException(path, "captures are read by libpcap, which is missing (Debian: libpcap0.8)", missing);
        }
    }

    private static CaptureEnd ReadFrames(CaptureFileReaderDevice device, FrameHandler handle, CancellationToken cancel)
    {
        var link = device.LinkType;
        long frames = 0;
        DateTimeOffset? last = null;
        GetPacketStatus status;
        while ((status = device.GetNextPacket(out var packet)) == GetPacketStatus.PacketRead)
        {
            cancel.ThrowIfCancellationRequested();
            var header = (PcapHeader)packet.Header;
            if (!FrameTime.TryRead(header, out var time))
            {
                return new CaptureEnd(frames, last, FrameTime.Fault(frames + 1));
            }

            handle(new Frame { Link = link, Time = time, Length = header.PacketLength, Data = packet.Data });
            frames++;
            last = time;
        }

        return new CaptureEnd(frames, last, status == GetPacketStatus.NoRemainingPackets ? null : device.LastError);
    }
}

/// <summary>How the reading of a capture ended.</summary>
/// <param name="Frames">Frames that were read.</param>
/// <param name="LastFrame">The time stamp of the last frame that was read, null without frames.</param>
/// <param name="Truncated">Why the rest of the file could not be read, fit to show to a user; null if there is no rest.</param>
public sealed record CaptureEnd(long Frames, DateTimeOffset? LastFrame, string? Truncated);

/// <summary>A capture file that cannot be read at all; the message says which, what is wrong and what would be right.</summary>
/// <remarks>A capture that can be read in part raises none: <see cref="CaptureEnd.Truncated"/> says where it stopped.</remarks>
public sealed class CaptureException : Exception
{
    /// <summary>Says what is wrong with a file.</summary>
    /// <param name="file">The file's path, as the user gave it.</param>
    /// <param name="fault">What is wrong and what would be right; put after the path and a colon.</param>
    /// <param name="cause">The failure beneath, if there was one.</param>
    public CaptureException(string file, string fault, Exception? cause = null)
        : base($"{file}: {fault}", cause) => File = file;

    /// <summary>The file's path, as the user gave it.</summary>
    public string File { get; }
}

/// <summary>The link types whose first header can be read.</summary>
internal static class LinkLayer
{
    /// <summary>Refuses a capture of any other link type.</summary>
    /// <exception cref="CaptureException">Always, for another link type.</exception>
    public static void Require(LinkLayers link, string path)
    {
        if (!IsSupported(link))
        {
            throw new CaptureException(
                path, $"link type {link} is not supported; Ethernet, Linux cooked (SLL, SLL2) and raw IP are");
        }
    }

    private static bool IsSupported(LinkLayers link) => link is
        LinkLayers.Ethernet or LinkLayers.LinuxSll or LinkLayers.LinuxSll2 or
        LinkLayers.Raw or LinkLayers.RawLegacy or LinkLayers.IPv4 or LinkLayers.IPv6;
}
