using Federation.Actuation.Conformance;
using Federation.Actuation.Simulated;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Tests.Conformance;

/// <summary>Two simulated hosts in a folder of their own.</summary>
internal sealed class SimulatorStand(string directory) : IDriverStand
{
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan Interval => TimeSpan.FromMilliseconds(2);

    public TimeProvider Clock => TimeProvider.System;

    public TransferTerms Swift => new() { DowntimeSeconds = 0.01 };

    public TransferTerms Slow => new() { BytesPerSecond = 1000 };

    public IHypervisorDriver Open(TrialHost host) => new SimulatedDriver(
        new() { Directory = directory, Host = host.ToString(), BytesPerSecond = 1_000_000_000, WatchSeconds = 0.002 }, Clock);

    public GuestSpec Guest(VmRef vm) => new()
    {
        Vm = vm, Vcpus = 1, MemoryBytes = 16 << 20, Disks = [new("root", null, 1 << 20)], UserData = "a secret",
    };
}
