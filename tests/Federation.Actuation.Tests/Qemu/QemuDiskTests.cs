using System.Security.Cryptography;
using Federation.Actuation.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuDiskTests : IDisposable
{
    private const int BaseBytes = 1 << 20;

    private static readonly VmRef Vm = VmRef.Parse("astro/cg.1/vm1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fed-base-");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_move_takes_what_a_VM_wrote_to_its_disks_along_over_the_base_that_both_ends_have(bool isLive)
    {
        await using var lab = new QemuLab(options => options with { PowerDown = TimeSpan.Zero });
        var terms = new TransferTerms { IsLive = isLive };
        var guest = await lab.Start(PagesGuest.Spec("vm1") with { Disks = [new("root", Base(), 4 * BaseBytes), new("data", null, 1 << 20)], UserData = "#cloud-config\n" });
        // As the VM itself writes.
        (await lab.A.Ask(Vm, "qemu-io -d dev-disk0/virtio-backend \"write -P 7 2M 64k\"")).ShouldBeEmpty();
        (await lab.A.Ask(Vm, "qemu-io -d dev-disk1/virtio-backend \"write -P 8 0 64k\"")).ShouldBeEmpty();

        await lab.Begin(guest, terms);
        await lab.A.Until(Vm, GuestState.AtSwitch);
        await lab.A.Restart();
        await lab.A.Driver.Switch(QemuLab.Move, Vm, Cancel);
        var sent = await lab.A.Until(Vm, GuestState.Sent);
        sent!.Transfer!.DiskSentBytes.ShouldBe(sent.Transfer.DiskBytes);
        sent.Transfer.DiskBytes.ShouldBeGreaterThanOrEqualTo(128 << 10);
        await lab.B.Until(Vm, GuestState.Received);
        await lab.A.Driver.Stop(Vm, Cancel);
        await lab.B.Driver.Run(Vm, Cancel);
        await lab.B.UntilItBeats(Vm);

        // Standing still it has written all that it keeps.
        await lab.B.Ask(Vm, "stop");
        (await Reads(lab.B, 0, "read -P 7 2M 64k")).ShouldBeTrue();
        (await Reads(lab.B, 0, "read -P 5 0 1M")).ShouldBeTrue();
        (await Reads(lab.B, 1, "read -P 8 0 64k")).ShouldBeTrue();
        (await Reads(lab.B, 1, "read -P 9 0 64k")).ShouldBeFalse();
        File.ReadAllText(lab.B.FolderOf(Vm).Seed).ShouldContain("#cloud-config");
        File.ReadAllText(Path.Combine(lab.B.FolderOf(Vm).Path, "guest.json")).ShouldNotContain("#cloud-config");
        // A VM that comes while it runs goes on, a cold one begins anew.
        (await lab.B.Console(Vm)).Contains("UP ", StringComparison.Ordinal).ShouldBe(!isLive);
    }

    [Fact]
    public async Task A_cold_move_that_is_taken_back_lets_the_VM_run_on()
    {
        await using var lab = new QemuLab(options => options with { PowerDown = TimeSpan.Zero });
        var terms = new TransferTerms { IsLive = false };
        var guest = await lab.Start(PagesGuest.Spec("vm1") with { Disks = [new("root", Base(), 4 * BaseBytes)] });
        await lab.Begin(guest, terms);
        await lab.A.Until(Vm, GuestState.AtSwitch);
        (await lab.B.See(Vm))!.State.ShouldBe(GuestState.Receiving);
        await lab.A.Driver.Cancel(QemuLab.Move, Vm, Cancel);
        (await lab.A.See(Vm))!.State.ShouldBe(GuestState.Running);
        await lab.A.UntilItBeats(Vm);
    }

    [Fact]
    public async Task An_image_comes_from_the_first_source_that_has_it_unchanged_and_goes_when_no_VM_needs_it()
    {
        var image = Base();
        var wrong = Path.Combine(folder.FullName, "wrong.img");
        await File.WriteAllTextAsync(wrong, "something else", Cancel);
        var store = new ImageStore(Path.Combine(folder.FullName, "images"), new HttpClient());
        await store.Fetch(image with { Sources = ["file:///nowhere/at/all", new Uri(wrong).AbsoluteUri, image.Sources[0]] }, Cancel);
        await store.Fetch(image with { Sources = [] }, Cancel);
        (await File.ReadAllBytesAsync(store.PathOf(image), Cancel)).Length.ShouldBe(BaseBytes);

        store.Prune(new HashSet<string> { image.Sha256 });
        File.Exists(store.PathOf(image)).ShouldBeTrue();
        store.Prune(new HashSet<string>());
        Directory.EnumerateFiles(Path.Combine(folder.FullName, "images")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_no_source_has_is_refused_with_what_each_of_them_said()
    {
        var store = new ImageStore(Path.Combine(folder.FullName, "images"), new HttpClient());
        var image = Base() with { Sha256 = new string('a', 64) };
        var fault = await Should.ThrowAsync<Domain.Hosts.DriverException>(() => store.Fetch(image with { Sources = ["file:///nowhere", "ftp://a/b", image.Sources[0]] }, Cancel));
        fault.Message.ShouldContain("file:///nowhere");
        fault.Message.ShouldContain("ftp://a/b");
        fault.Message.ShouldContain("has the checksum");
        Directory.EnumerateFiles(Path.Combine(folder.FullName, "images")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-b", "/etc/passwd", "-F", "raw")]
    [InlineData("-o", "data_file=outside.raw")]
    public async Task An_image_that_refers_to_files_of_the_host_is_refused(params string[] reference)
    {
        var path = Path.Combine(folder.FullName, "sly.qcow2");
        using (var make = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("qemu-img", ["create", "-q", "-f", "qcow2", .. reference, path, "1M"]) { WorkingDirectory = folder.FullName })!)
        {
            await make.WaitForExitAsync(Cancel);
        }

        var store = new ImageStore(Path.Combine(folder.FullName, "images"), new HttpClient());
        var fault = await Should.ThrowAsync<Domain.Hosts.DriverException>(() => store.Fetch(Image(path), Cancel));
        fault.Message.ShouldContain("refers to other files");
    }

    [Fact]
    public async Task A_disk_for_cloud_init_is_a_volume_that_the_system_reads()
    {
        var path = Path.Combine(folder.FullName, "seed.img");
        SeedDisk.Write(path, Vm, "#cloud-config\nhostname: x\n");
        new FileInfo(path).Length.ShouldBe(1 << 20);
        (await new HostPrograms([]).Do(["bsdtar", "-tf", path], Cancel)).ShouldBe(".\nMETA-DATA\nUSER-DATA\n");
        (await new HostPrograms([]).Do(["bsdtar", "-xOf", path, "META-DATA", "USER-DATA"], Cancel)).ShouldBe("instance-id: astro-cg.1-vm1\nlocal-hostname: vm1\n#cloud-config\nhostname: x\n");
        (await new HostPrograms([]).Do(["blkid", "-o", "value", "-s", "LABEL", path], Cancel)).ShouldBe("cidata\n");
        Should.Throw<Domain.Hosts.DriverException>(() => SeedDisk.Write(path, Vm, new string('x', 1 << 20)));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<bool> Reads(QemuLabHost host, int disk, string pattern)
    {
        var said = await new HostPrograms([]).Try(["qemu-io", "-U", "-r", "-f", "qcow2", "-c", pattern, host.FolderOf(Vm).Disk(disk)], "", Cancel);
        said.StandardError.ShouldBeEmpty();
        return !said.StandardOutput.Contains("verification failed", StringComparison.Ordinal);
    }

    private static GuestImage Image(string path) => new(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), [new Uri(path).AbsoluteUri]);

    private GuestImage Base()
    {
        var path = Path.Combine(folder.FullName, "base.img");
        var content = new byte[BaseBytes];
        content.AsSpan().Fill(5);
        File.WriteAllBytes(path, content);
        return Image(path);
    }
}
