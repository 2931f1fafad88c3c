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
