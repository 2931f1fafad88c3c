using System.Collections.Immutable;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Live.Pcap;
using Federation.Sensor.Live.Ring;

namespace Federation.Sensor.Live;

/// <summary>The backends of live capture, the cheapest first.</summary>
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

    /// <summary>Every name that <see cref="Create"/> takes.</summary>
    public static ImmutableArray<string> Names { get; } = [Auto, Kernel, Ring, Pcap];

    /// <summary>Makes a backend that watches nothing yet.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="ArgumentException">There is no backend of that name.</exception>
    public static CaptureChoice Create(string name, LiveCaptureOptions options)
    {
        if (!Names.Contains(name))
        {
            throw new ArgumentException($"there is no capture backend '{name}'; there are {string.Join(", ", Names)}", nameof(name));
        }

        var refusals = ImmutableArray.CreateBuilder<BackendRefusal>();
        foreach (var candidate in name == Auto ? Names.Remove(Auto) : [name])
        {
            try
            {
                return new CaptureChoice(Make(candidate, options), refusals.ToImmutable());
            }
            catch (IOException fault)
            {
                refusals.Add(new BackendRefusal(candidate, fault.Message));
            }
        }

        return new CaptureChoice(null, refusals.ToImmutable());
    }

    private static ILiveCapture Make(string name, LiveCaptureOptions options) => name switch
    {
        Kernel => new KernelCapture(options),
        Ring => new RingCapture(options),
        Pcap => new PcapCapture(options),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
