using Federation.Actuation.Libvirt;
using Federation.Actuation.PlugIns;
using Federation.Actuation.Qemu;
using Federation.Actuation.Simulated;
using Federation.Domain.Hosts;

namespace Federation.Host.Settings;

/// <summary>Which driver a host has, with its options.</summary>
public abstract record HypervisorChoice
{
    private HypervisorChoice()
    {
    }

    /// <summary>Opens the driver; one that has to be closed is <see cref="IAsyncDisposable"/>.</summary>
    /// <param name="http">Gets images from the web; stays the caller's.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="log">Given each line that a program writes to its standard error.</param>
    public abstract IHypervisorDriver Open(HttpClient http, TimeProvider clock, Action<string> log);

    /// <summary>QEMU by its monitor.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record Qemu(QemuOptions Options) : HypervisorChoice
    {
        /// <inheritdoc/>
        public override IHypervisorDriver Open(HttpClient http, TimeProvider clock, Action<string> log) => new QemuDriver(Options, http, clock);
    }

    /// <summary>libvirt by its command line.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record Libvirt(LibvirtOptions Options) : HypervisorChoice
    {
        /// <inheritdoc/>
        public override IHypervisorDriver Open(HttpClient http, TimeProvider clock, Action<string> log) => new LibvirtDriver(Options, http, clock);
    }

    /// <summary>A program of the operator's.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record PlugIn(PlugInOptions Options) : HypervisorChoice
    {
        /// <inheritdoc/>
        public override IHypervisorDriver Open(HttpClient http, TimeProvider clock, Action<string> log) => new PlugInDriver(Options, clock, log);
    }

    /// <summary>No VM runs, but the host behaves as if.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record Simulator(SimulatedDriverOptions Options) : HypervisorChoice
    {
        /// <inheritdoc/>
        public override IHypervisorDriver Open(HttpClient http, TimeProvider clock, Action<string> log) => new SimulatedDriver(Options, clock);
    }
}
