using Federation.Actuation.Conformance;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Tests.Qemu;

/// <summary>Two hosts with real QEMU and the guest that checks its memory, with a disk of its own.</summary>
internal sealed class QemuStand(QemuLab lab) : IDriverStand
{
    public TimeSpan Patience => TimeSpan.FromSeconds(30);

    public TimeSpan Interval => TimeSpan.FromMilliseconds(20);

    public TimeProvider Clock => TimeProvider.System;

    public TransferTerms Swift => new();

    public TransferTerms Slow => new() { BytesPerSecond = 100_000 };

    public IHypervisorDriver Open(TrialHost host) => (host == TrialHost.A ? lab.A : lab.B).Fresh();

    public GuestSpec Guest(VmRef vm) => PagesGuest.Spec("any") with { Vm = vm, Disks = [new("root", null, 1 << 20)], UserData = "a secret" };
}
