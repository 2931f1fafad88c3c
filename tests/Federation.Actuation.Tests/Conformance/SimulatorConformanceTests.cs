using Federation.Actuation.Conformance;
using Xunit;

namespace Federation.Actuation.Tests.Conformance;

public sealed class SimulatorConformanceTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-simulator-");

    public static TheoryData<string> Checks => ConformanceNames.All;

    [Theory]
    [MemberData(nameof(Checks))]
    public Task The_simulator_does_what_the_port_asks_for(string check) => new SimulatorStand(directory.FullName).ShouldHold(check);

    [Fact]
    public Task The_simulator_promises_all_that_a_driver_can() => new SimulatorStand(directory.FullName).ShouldNotPromise(DriverPromise.Ends);

    public void Dispose() => directory.Delete(recursive: true);
}
