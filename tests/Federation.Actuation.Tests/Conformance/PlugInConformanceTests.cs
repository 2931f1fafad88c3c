using Federation.Actuation.Conformance;
using Federation.Actuation.PlugIns;
using Federation.Actuation.Tests.PlugIns;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

public sealed class PlugInConformanceTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-plug-in-");

    public static TheoryData<string> Checks => ConformanceNames.All;

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_example_program_does_what_the_port_asks_for(string check) => Program().ShouldHold(check);

    [Theory]
    [MemberData(nameof(Checks))]
    public Task A_plug_in_that_moves_VMs_live_does_what_the_port_asks_for(string check) => new ServedStand(directory.FullName).ShouldHold(check);

    [Fact]
    public Task The_example_program_moves_VMs_cold_only() => Program()
        .ShouldNotPromise(DriverPromise.Live, DriverPromise.LiveHeld, DriverPromise.LiveKept, DriverPromise.Ends);

    [Fact]
    public Task A_plug_in_can_promise_all_that_a_driver_can() => new ServedStand(directory.FullName).ShouldNotPromise(DriverPromise.Ends);

    public void Dispose() => directory.Delete(recursive: true);

    private PlugInStand Program() => new(
        new()
        {
            PlugIn = new() { Program = Path.Combine(AppContext.BaseDirectory, "plug-ins", "processes.py") },
            Directory = directory.FullName,
            Patience = TimeSpan.FromSeconds(20),
            Interval = TimeSpan.FromMilliseconds(5),
        },
        TimeProvider.System);

    private sealed class ServedStand(string directory) : IDriverStand
    {
        private readonly SimulatorStand served = new(directory);

        public TimeSpan Patience => served.Patience;

        public TimeSpan Interval => served.Interval;

        public TimeProvider Clock => served.Clock;

        public TransferTerms Swift => served.Swift;

        public TransferTerms Slow => served.Slow;

        public IHypervisorDriver Open(TrialHost host) =>
            new PlugInDriver(new() { Program = "served", FindSeconds = 60 }, Clock, wake => new PlugInServer(served.Open(host), wake));

        public GuestSpec Guest(VmRef vm) => served.Guest(vm);
    }
}
