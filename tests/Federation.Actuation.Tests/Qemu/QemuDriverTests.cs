using System.Runtime.Versioning;
using System.Text;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

public sealed class QemuDriverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_VM_runs_once_it_is_started_and_nothing_is_left_of_it_once_it_is_stopped()
    {
        await using var host = new QemuLabHost();
        var guest = PagesGuest.Spec("vm1");
        await host.Driver.Start(guest, Cancel);
        await host.Driver.Start(guest, Cancel);
        await host.UntilItBeats(guest.Vm);
        (await host.See(guest.Vm))!.State.ShouldBe(GuestState.Running);
        host.IsOwnersOnly(guest.Vm).ShouldBeTrue();

        await host.Driver.Stop(guest.Vm, Cancel);
        await host.Driver.Stop(guest.Vm, Cancel);
        (await host.Driver.Find(Cancel)).ShouldBeEmpty();
        Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_typed_at_a_console_reaches_the_VM_and_what_it_writes_is_kept()
    {
        await using var host = new QemuLabHost();
        var guest = PagesGuest.Spec("vm1");
        await host.Driver.Start(guest, Cancel);
        await using (var console = await host.Driver.OpenConsole(guest.Vm, Cancel))
        {
            await console.WriteAsync("k"u8.ToArray(), Cancel);
            using var reader = new StreamReader(console);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            late.CancelAfter(TimeSpan.FromSeconds(30));
            var line = "";
            while (line is not (null or "ECHO k"))
            {
                line = await reader.ReadLineAsync(late.Token);
            }

            line.ShouldBe("ECHO k");
        }

        Encoding.ASCII.GetString(await host.Driver.ReadLog(guest.Vm, 1 << 16, Cancel)).ShouldStartWith("UP ");
        (await host.Driver.ReadLog(guest.Vm, 3, Cancel)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_VM_whose_QEMU_hangs_is_silent_until_it_answers_again_and_one_that_died_is_not_there()
    {
        await using var host = new QemuLabHost(options => options with { Patience = TimeSpan.FromMilliseconds(500) });
        var guest = PagesGuest.Spec("vm1");
        await host.Driver.Start(guest, Cancel);
        host.Signal(guest.Vm, "STOP");
        (await host.See(guest.Vm))!.State.ShouldBe(GuestState.Silent);
        host.Signal(guest.Vm, "CONT");
        await host.Until(guest.Vm, GuestState.Running);
        await host.UntilItBeats(guest.Vm);

        await host.Crash(guest.Vm);
        await host.Until(guest.Vm, now => now is null);
        (await host.Driver.ReadLog(guest.Vm, 1 << 16, Cancel)).ShouldNotBeEmpty();
        (await host.Driver.Remains(Cancel)).ShouldBe([guest.Vm]);
        await host.Driver.Start(guest, Cancel);
        (await host.Driver.Remains(Cancel)).ShouldBeEmpty();
        await host.UntilItBeats(guest.Vm);
    }

    [Fact]
    public async Task A_driver_that_is_started_anew_finds_the_VMs_that_outlived_it()
    {
        await using var host = new QemuLabHost();
        var guest = PagesGuest.Spec("vm1");
        await host.Driver.Start(guest, Cancel);
        await host.Restart();
        (await host.See(guest.Vm))!.State.ShouldBe(GuestState.Running);
        await host.UntilItBeats(guest.Vm);
    }

    [Fact]
    public async Task A_VM_that_asks_for_what_the_host_has_not_is_refused_and_leaves_nothing()
    {
        await using var host = new QemuLabHost();
        var guest = PagesGuest.Spec("vm1");
        foreach (var bad in (GuestSpec[])[
            guest with { Hardware = new(Architecture: "s390x") },
            guest with { Hardware = new(Machine: "pc-i440fx-99.0") },
            guest with { Hardware = new(CpuModel: "Itanium") },
            guest with { Nics = [new("52:54:00:00:00:01", [])] },
            guest with { Kernel = new(new("lost", new string('0', 64), ["file:///nowhere/at/all"]), null, "") }])
        {
            await Should.ThrowAsync<DriverException>(() => host.Driver.Start(bad, Cancel));
        }

        (await host.Driver.Find(Cancel)).ShouldBeEmpty();
        Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_tells_what_its_QEMU_can_and_that_it_is_careful_where_processors_are_emulated()
    {
        await using var host = new QemuLabHost(options => options with { Emulates = true });
        var facts = await host.Driver.Describe(Cancel);
        facts.IsEmulated.ShouldBeTrue();
        facts.MovesLive.ShouldBeTrue();
        facts.HoldsAtSwitch.ShouldBeTrue();
        facts.Remarks.ShouldNotBeEmpty();
        facts.CpuModels.ShouldContain("qemu64");
        facts.CpuModels.ShouldNotContain("max");
        facts.CpuModels.IndexOf("Nehalem").ShouldBeLessThan(facts.CpuModels.IndexOf("qemu64"));
        facts.Machines.ShouldContain(name => name.StartsWith("pc-i440fx-", StringComparison.Ordinal));
        facts.Machines.ShouldAllBe(name => char.IsAsciiDigit(name.Last()));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_QEMU_whose_answer_is_cut_as_it_ends_is_asked_again()
    {
        var folder = Directory.CreateTempSubdirectory("federation-cut-");
        try
        {
            var program = Path.Combine(folder.FullName, "qemu");
            await File.WriteAllTextAsync(
                program,
                $$"""
                #!/bin/bash
                times=$(cat {{folder.FullName}}/times 2>/dev/null || echo 0)
                echo $((times + 1)) >{{folder.FullName}}/times
                if [ "$times" -lt 2 ]; then qemu-system-x86_64 "$@" | head -c 4096; else exec qemu-system-x86_64 "$@"; fi
                """,
                Cancel);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using var host = new QemuLabHost(options => options with { Emulates = true, Programs = [("x86_64", program)] });
            (await host.Driver.Describe(Cancel)).CpuModels.ShouldContain("qemu64");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
