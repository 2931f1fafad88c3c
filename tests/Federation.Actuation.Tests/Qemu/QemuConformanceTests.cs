using Federation.Actuation.Tests.Conformance;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuConformanceTests : IAsyncDisposable
{
    private readonly QemuLab lab = new(options => options with { PowerDown = TimeSpan.Zero }, options => options with { PowerDown = TimeSpan.Zero });

    public static TheoryData<string> Checks => ConformanceNames.All;

    [Theory]
    [MemberData(nameof(Checks))]
    public Task QEMU_does_what_the_port_asks_for(string check) => new QemuStand(lab).ShouldHold(check);

    public ValueTask DisposeAsync() => lab.DisposeAsync();
}
