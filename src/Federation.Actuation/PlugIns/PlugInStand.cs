using System.Globalization;
using Federation.Actuation.Conformance;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.PlugIns;

/// <summary>Two runs of a plug-in beside each other, as two hosts: <c>FEDERATION_HOST</c> says to each which one it is, <c>FEDERATION_DIRECTORY</c> gives it a folder.</summary>
public sealed class PlugInStand(PlugInStandOptions options, TimeProvider clock) : IDriverStand
{
    // So slow that the memory alone takes many times as long as anybody waits.
    private const double Slowness = 50;

    /// <inheritdoc/>
    public TimeSpan Patience => options.Patience;

    /// <inheritdoc/>
    public TimeSpan Interval => options.Interval;

    /// <inheritdoc/>
    public TimeProvider Clock => clock;

    /// <inheritdoc/>
    public TransferTerms Swift => new();

    /// <inheritdoc/>
    public TransferTerms Slow => new() { BytesPerSecond = Math.Max(1, (long)(options.Guest.MemoryBytes / (options.Patience.TotalSeconds * Slowness))) };

    /// <inheritdoc/>
    public IHypervisorDriver Open(TrialHost host)
    {
        var name = host.ToString().ToLower(CultureInfo.InvariantCulture);
        var directory = Path.Combine(options.Directory, name);
        Directory.CreateDirectory(directory);
        return new PlugInDriver(
            options.PlugIn with
            {
                Environment = options.PlugIn.Environment.SetItem("FEDERATION_HOST", name).SetItem("FEDERATION_DIRECTORY", directory),
                FindSeconds = Math.Min(options.PlugIn.FindSeconds, options.Interval.TotalSeconds * 5),
            },
            clock,
            options.Log);
    }

    /// <inheritdoc/>
    public GuestSpec Guest(VmRef vm) => options.Guest with { Vm = vm };
}
