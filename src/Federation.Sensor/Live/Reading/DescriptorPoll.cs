using System.Collections.Immutable;
using Federation.Sensor.Live.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Reading;

/// <summary>Waits until one of many feeds has frames, or until it is woken.</summary>
internal sealed unsafe class DescriptorPoll : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x80800;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;

    private readonly SafeFileHandle wake;
    private ImmutableArray<IFrameFeed> feeds = [];
    private PollEntry[] entries;

    /// <summary>Opens what it is woken by.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public DescriptorPoll()
    {
        var descriptor = LibC.EventDescriptor(0, NonBlockingCloseOnExec);
        wake = descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw NativeFault.Last("opening an event descriptor");
        entries = [WakeEntry];
    }

    private PollEntry WakeEntry => new() { Descriptor = (int)wake.DangerousGetHandle(), Wanted = PollEntry.Readable };

    /// <summary>Sets what the next <see cref="Wait"/> waits for; allocates only if it differs from before.</summary>
    public void WaitFor(ImmutableArray<IFrameFeed> wanted)
    {
        if (wanted != feeds)
        {
            feeds = wanted;
            entries =
            [
                WakeEntry, .. feeds.Select(feed => new PollEntry { Descriptor = feed.Descriptor, Wanted = PollEntry.Readable }),
            ];
        }
    }

    /// <summary>Waits. Only one thread may.</summary>
    public void Wait()
    {
        fixed (PollEntry* start = entries)
        {
            _ = LibC.Poll(start, (nuint)entries.Length, -1);
        }

        if (entries[0].Found != 0)
        {
            ulong count;
            _ = LibC.Read(wake, &count, sizeof(ulong));
        }

        foreach (ref readonly var entry in entries.AsSpan(1))
        {
            if ((entry.Found & ~PollEntry.Readable) != 0)
            {
                ForgetError(entry.Descriptor);
            }
        }
    }

    /// <summary>Ends the present or the next <see cref="Wait"/>.</summary>
    public void Wake()
    {
        var one = 1UL;
        _ = LibC.Write(wake, &one, sizeof(ulong));
    }

    /// <summary>Closes what it is woken by.</summary>
    public void Dispose() => wake.Dispose();

    /// <summary>An interface that goes down or away leaves an error at its socket, with which no wait would wait any more.</summary>
    private static void ForgetError(int descriptor)
    {
        using var socket = new SafeFileHandle(descriptor, ownsHandle: false);
        int error;
        var length = (uint)sizeof(int);
        _ = LibC.GetOption(socket, SocketLevel, ErrorOption, &error, &length);
    }
}
