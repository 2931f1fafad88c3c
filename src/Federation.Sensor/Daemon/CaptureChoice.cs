using System.Collections.Immutable;
using Federation.Sensor.Live;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Live.Pcap;
using Federation.Sensor.Live.Ring;

namespace Federation.Sensor.Daemon;

/// <summary>Which backend was taken, and which were not.</summary>
/// <param name="Capture">The backend, to be disposed of by the caller; null if none could be made.</param>
/// <param name="Refused">Those that were tried before it in vain, in order.</param>
public sealed record CaptureChoice(ILiveCapture? Capture, ImmutableArray<BackendRefusal> Refused)
{
    /// <summary>Makes a backend that watches nothing yet.</summary>
    /// <param name="name">One of <see cref="CaptureBackends.Names"/>.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="ArgumentException">There is no backend of that name.</exception>
    public static CaptureChoice Create(string name, LiveCaptureOptions options)
    {
        if (!CaptureBackends.Names.Contains(name))
        {
            throw new ArgumentException($"there is no capture backend '{name}'; there are {string.Join(", ", CaptureBackends.Names)}", nameof(name));
        }

        var refusals = ImmutableArray.CreateBuilder<BackendRefusal>();
        foreach (var candidate in name == CaptureBackends.Auto ? CaptureBackends.Names.Remove(CaptureBackends.Auto) : [name])
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
        CaptureBackends.Kernel => new KernelCapture(options),
        CaptureBackends.Ring => new RingCapture(options),
        CaptureBackends.Pcap => new PcapCapture(options),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

/// <summary>Why a backend was not taken.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Reason">For people: what failed, and what it needs.</param>
public readonly record struct BackendRefusal(string Backend, string Reason);
