using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.ApplicationFiles;

public sealed class GuestTests
{
    private const string Digest = "ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e";
    private const string Head = "application: cg\ntenant: astro\nobjective: cost\nremaining: 2h";
    private const string Image = $"images: [{{ image: debian, sha256: {Digest} }}]";

    [Fact]
    public void Every_key_of_what_a_VM_starts_from_is_read()
    {
        var application = Read($"{Image}\nmoves: {{ downtime: 1s, duration: 30m, autoConverge: true, whenMissed: cold }}\ncoldMoves: {{ lostWork: 10m }}\nrestart: true", """
            addresses: [10.42.0.1, "2001:db8::1"], machine: q35, cpuModel: Haswell, architecture: aarch64, kernel: { image: debian, arguments: a=b },
            disks: [{ disk: root, image: debian, size: 20GiB, written: 2GiB, writeRate: 5MB/s }, { disk: data, size: 1TB }],
            nics: [{ mac: 52:54:00:12:34:56, addresses: [10.42.0.1] }, { addresses: ["2001:db8::1"] }], userData: "#cloud-config\nx: ${secret:y}"
            """);

        application.Images.ShouldHaveSingleItem().ShouldSatisfyAllConditions(image => image.Name.ShouldBe("debian"), image => image.Sha256.ShouldBe(Digest), image => image.Sources.ShouldBeEmpty());
        application.Moves.ShouldBe(new MoveLimits { Downtime = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromMinutes(30), AutoConverge = true, WhenMissed = MissedLimit.Cold });
        application.ColdMoves.ShouldBe(new ColdMoves(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)));
        application.Restart.ShouldBeTrue();
        var guest = application.Vms[0].Guest.ShouldNotBeNull();
        guest.Hardware.ShouldBe(new GuestHardware("aarch64", "q35", "Haswell"));
        guest.Kernel.ShouldBe(new VmKernel("debian", null, "a=b"));
        guest.Disks.ShouldBe([new("root", "debian", 20L << 30, 2L << 30, 5e6), new("data", null, 1_000_000_000_000)]);
        guest.Nics.Select(nic => nic.Mac).ShouldBe([Address.Parse("52:54:00:12:34:56"), null]);
        guest.Nics[1].Addresses.ShouldBe([Address.Parse("2001:db8::1")]);
        guest.UserData.ShouldBe("#cloud-config\nx: ${secret:y}");
        (application.Vms[0].DiskBytesSent, application.Vms[0].DiskBytesWrittenPerSecond).ShouldBe(((2L << 30) + 1e12, 5e6));
    }

    [Fact]
    public void The_short_form_says_the_same_of_all_its_VMs()
    {
        var parsed = ApplicationFile.Parse($"{Head}\n{Image}\nvms: {{ count: 3, vcpus: 1, memory: 16MiB, disks: [{{ disk: root, image: debian, size: 1GiB }}], userData: hello }}", "x.yaml");
        parsed.Faults.ShouldBeEmpty();
        parsed.Value!.Vms.Select(vm => vm.Guest).Distinct().ShouldHaveSingleItem()!.Disks.ShouldHaveSingleItem().Image.ShouldBe("debian");
    }

    [Fact]
    public void Of_a_VM_of_which_nothing_is_said_nothing_is_known() => Read("", "addresses: [10.42.0.1]").Vms[0].Guest.ShouldBeNull();

    [Theory]
    [InlineData("", "disks: [{ disk: root, image: debian, size: 1GiB }]", "vms[0].disks[0].image", "is no image of this application")]
    [InlineData(Image, "disks: [{ disk: root, image: debain, size: 1GiB }]", "vms[0].disks[0].image", "debian")]
    [InlineData(Image, "kernel: { image: debian, initrd: none }", "vms[0].kernel.initrd", "is no image of this application")]
    [InlineData(Image, "disks: [{ disk: a, size: 1GiB }, { disk: a, size: 1GiB }]", "vms[0].disks[1].disk", "is the name of another disk")]
    [InlineData(Image, "disks: [{ disk: a, size: 1GiB, written: 2GiB }]", "vms[0].disks[0].written", "is more than the disk's size of 1GiB")]
    [InlineData("", "addresses: [10.42.0.1], nics: [{ addresses: [10.42.0.2] }]", "vms[0].nics[0].addresses", "is no address of the VM")]
    [InlineData("", "addresses: [10.42.0.1], nics: [{ addresses: [10.42.0.1] }, { addresses: [10.42.0.1] }]", "vms[0].nics[1].addresses", "another interface")]
    [InlineData("", "nics: [{ mac: 52:54:00:12:34:56 }, { mac: 52:54:00:12:34:56 }]", "vms[0].nics[1].mac", "another interface")]
    [InlineData("", "nics: [{ mac: 53:54:00:12:34:56 }]", "vms[0].nics[0].mac", "several receivers")]
    [InlineData("", "nics: [{ mac: 10.0.0.1 }]", "vms[0].nics[0].mac", "no hardware address")]
    [InlineData("moves: { whenMissed: cold }", "", "moves.whenMissed", "coldMoves")]
    [InlineData("images: [{ image: a, sha256: " + Digest + " }, { image: a, sha256: " + Digest + " }]", "", "images[1].image", "another image")]
    [InlineData("images: [{ image: a, sha256: " + Digest + ", sources: [\"ftp://a/b\"] }]", "", "images[0].sources[0]", "https://")]
    [InlineData("images: [{ image: a, sha256: " + Digest + ", sources: [/srv/b] }]", "", "images[0].sources[0]", "file:///")]
    public void What_cannot_be_is_one_fault_that_says_so(string application, string vm, string key, string said)
    {
        var fault = Parse(application, vm).Faults.ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.ToString().ShouldContain(said);
    }

    [Fact]
    public void A_hardware_address_is_of_one_VM_only()
    {
        var parsed = ApplicationFile.Parse($"{Head}\nvms: [{{ vm: a, vcpus: 1, memory: 1GiB, addresses: [\"52:54:00:12:34:56\"] }}, {{ vm: b, vcpus: 1, memory: 1GiB, nics: [{{ mac: 52:54:00:12:34:56 }}] }}]", "x.yaml");
        parsed.Faults.ShouldHaveSingleItem().ToString().ShouldContain("of VM a");
    }

    private static Application Read(string application, string vm)
    {
        var parsed = Parse(application, vm);
        parsed.Faults.ShouldBeEmpty();
        return parsed.Value!;
    }

    private static Yaml.Parsed<Application> Parse(string application, string vm) =>
        ApplicationFile.Parse($"{Head}\n{application}\nvms: [{{ vm: v1, vcpus: 1, memory: 16MiB{(vm.Length > 0 ? ", " : "")}{vm.ReplaceLineEndings(" ")} }}]\n", "x.yaml");
}
