using Federation.Domain.Identity;
using Federation.Sensor.Discovery;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Discovery;

public sealed class LibvirtVmsTests
{
    // As virsh 9.0.0 prints them (recorded with its test driver).
    private const string Domains = "test\ncg.vm1\n\n";

    private const string Interfaces = """
         Interface   Type      Source    Model    MAC
        -------------------------------------------------------------
         testnet0    bridge    br0       virtio   52:54:00:6b:3c:58
         testnet1    network   default   -        52:54:00:6b:3c:59
         -           user      -         virtio   52:54:00:6b:3c:60

        """;

    private static readonly LibvirtSettings Settings = new("test:///default", TimeSpan.FromSeconds(10), ".");

    [Fact]
    public async Task Every_interface_of_a_domain_of_ours_is_found_with_its_tap()
    {
        var recorded = new RecordedVirsh();
        var listing = await new LibvirtVms(Settings, recorded).Ask(TestContext.Current.CancellationToken);
        listing.Vms.Select(vm => (vm.Vm, vm.Addresses.Single().ToString(), vm.Tap)).ShouldBe(
        [
            (VmRef.Parse("cg/vm1"), "52:54:00:6b:3c:58", "testnet0"),
            (VmRef.Parse("cg/vm1"), "52:54:00:6b:3c:59", "testnet1"),
            (VmRef.Parse("cg/vm1"), "52:54:00:6b:3c:60", null),
        ]);
        recorded.Asked.ShouldBe(
            ["--readonly --connect test:///default --quiet list --name", "--readonly --connect test:///default --quiet domiflist cg.vm1"]);
    }

    [Fact]
    public void A_domain_without_interfaces_has_none() => LibvirtVms.InterfacesOf("\n").ShouldBeEmpty();

    [Fact]
    public void All_addresses_and_the_tap_of_a_VM_come_together_over_all_sources()
    {
        var vms = new HostVms();
        vms.Take("configuration", new([new(VmRef.Parse("cg/vm1"), [Address.Parse("10.0.0.1")])], []));
        vms.Take("libvirt", new([new(VmRef.Parse("cg/vm1"), [Address.Parse("52:54:00:6b:3c:58")], "vnet0")], []));
        var vm = vms.View.Vms.Single();
        vm.Addresses.ShouldBe([Address.Parse("10.0.0.1"), Address.Parse("52:54:00:6b:3c:58")]);
        vm.Tap.ShouldBe("vnet0");
        vms.Take("libvirt", VmListing.None);
        vms.View.Vms.Single().Tap.ShouldBeNull();
    }

    private sealed class RecordedVirsh : IVirsh
    {
        public List<string> Asked { get; } = [];

        public Task<string> Run(IReadOnlyList<string> arguments, CancellationToken cancel)
        {
            Asked.Add(string.Join(' ', arguments));
            return Task.FromResult(arguments.Contains("list") ? Domains : Interfaces);
        }
    }
}
