using Federation.Actuation.Conformance;
using Federation.Actuation.Libvirt;
using Federation.Actuation.Tests.Libvirt;
using Federation.Actuation.Tests.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

public sealed class LibvirtConformanceTests : IDisposable
{
    private readonly TwoDaemons daemons = new();

    [Fact]
    public async Task Libvirt_does_what_the_port_asks_for_and_promises_less()
    {
        await Stand(0).ShouldNotPromise(DriverPromise.Holds, DriverPromise.LiveHeld, DriverPromise.Keeps, DriverPromise.LiveKept);
        await RealConformance.ShouldHoldAll(Stand);
    }

    public void Dispose() => daemons.Dispose();

    private LibvirtStand Stand(int number) => new(Path.Combine(daemons.Folder, $"check-{number}"));

    private sealed class LibvirtStand(string folder) : IDriverStand
    {
        private static readonly HttpClient Http = new();

        public TimeSpan Patience => TimeSpan.FromSeconds(60);

        public TimeSpan Interval => TimeSpan.FromMilliseconds(100);

        public TimeProvider Clock => TimeProvider.System;

        public TransferTerms Swift => new() { DowntimeSeconds = 1 };

        public TransferTerms Slow => new() { BytesPerSecond = 1 << 20, DowntimeSeconds = 0.01 };

        public IHypervisorDriver Open(TrialHost host)
        {
            var (name, number) = host == TrialHost.A ? ("a", 1) : ("b", 2);
            return new LibvirtDriver(
                new()
                {
                    Directory = Path.Combine(folder, $"vms-{name}"),
                    Storage = Path.Combine(folder, "shared"),
                    Uri = $"qemu+tcp://172.31.9.{number}/system",
                    PeerUri = $"qemu+tcp://172.31.9.{number}/system",
                    MigrateUri = $"tcp://172.31.9.{number}",
                    TrustsStorage = true,
                    Launcher = ["ip", "netns", "exec", $"{TwoDaemons.Name}-{name}"],
                    PowerDown = TimeSpan.Zero,
                    Period = TimeSpan.FromMilliseconds(200),
                },
                Http,
                Clock);
        }

        // It rewrites its memory faster than the slow terms can send it.
        public GuestSpec Guest(VmRef vm) => new()
        {
            Vm = vm,
            Vcpus = 1,
            MemoryBytes = 16 << 20,
            Kernel = new(PagesGuest.Image, null, "hot=512 cold=16"),
            Disks = [new("root", null, 1 << 20)],
        };
    }
}
