using System.Collections.Immutable;

namespace Federation.Sensor.Live;

/// <summary>The names of the backends of live capture, the cheapest first.</summary>
public static class CaptureBackends
{
    /// <summary>Takes the first backend that this host lets run.</summary>
    public const string Auto = "auto";

    /// <summary>Counts inside the kernel; needs CAP_BPF at the start and Linux 5.11 or later.</summary>
    public const string Kernel = "kernel";

    /// <summary>Reads headers from a ring of memory shared with the kernel; needs CAP_NET_RAW only.</summary>
    public const string Ring = "ring";

    /// <summary>Reads frames through libpcap, which has to be installed; needs CAP_NET_RAW.</summary>
    public const string Pcap = "pcap";

    /// <summary>Every name that a sensor takes.</summary>
    public static ImmutableArray<string> Names { get; } = [Auto, Kernel, Ring, Pcap];
}
