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
    /// <param name="clock">Tells the time.</param>
    public abstract IHypervisorDriver Open(TimeProvider clock);

    /// <summary>No VM runs, but the host behaves as if.</summary>
    /// <param name="Options">Its options.</param>
    public sealed record Simulator(SimulatedDriverOptions Options) : HypervisorChoice
    {
        /// <inheritdoc/>
        public override IHypervisorDriver Open(TimeProvider clock) => new SimulatedDriver(Options, clock);
    }
}
