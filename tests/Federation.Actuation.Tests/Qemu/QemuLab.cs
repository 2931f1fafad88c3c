using System.Diagnostics;
using System.Globalization;
using System.Text;
using Federation.Actuation.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Xunit;

namespace Federation.Actuation.Tests.Qemu;

/// <summary>A host of a test: a driver over a folder of its own, and hands on what it runs. What still runs at the end is ended.</summary>
internal sealed class QemuLabHost : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fq");
    private readonly Func<QemuOptions, QemuOptions> change;

    public QemuLabHost(Func<QemuOptions, QemuOptions>? change = null)
    {
        this.change = change ?? (options => options);
        Driver = Fresh();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public QemuDriver Driver { get; private set; }

    public string Folder => folder.FullName;

    /// <summary>The driver's caller ends and is started anew.</summary>
    public async Task Restart()
    {
        await Driver.DisposeAsync();
        Driver = Fresh();
    }

    /// <summary>Waits until a VM is seen as asked; null: it is not seen.</summary>
    public async Task<GuestSighting?> Until(VmRef vm, Func<GuestSighting?, bool> isSo, int seconds = 60)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(seconds));
        var last = (await Driver.Find(Cancel)).FirstOrDefault(sighting => sighting.Vm == vm);
        try
        {
            if (isSo(last))
            {
                return last;
            }

            await foreach (var (changed, now) in Driver.Watch(late.Token))
            {
                if (changed == vm && isSo(last = now))
                {
                    return now;
                }
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // Told below, with what was seen.
        }

        throw new TimeoutException($"{vm} is not as it should be after {seconds} s: last {last?.ToString() ?? "nothing"}; {Log(vm)}");
    }

    public Task<GuestSighting?> Until(VmRef vm, GuestState state) => Until(vm, now => now?.State == state);

    public async Task<GuestSighting?> See(VmRef vm) => (await Driver.Find(Cancel)).FirstOrDefault(sighting => sighting.Vm == vm);

    public async Task<string> Console(VmRef vm) => Encoding.ASCII.GetString(await Driver.ReadLog(vm, 1 << 20, Cancel));

    /// <summary>Waits until the guest tells of its work for a while from now, whichever of its heartbeats was the last.</summary>
    public async Task UntilItBeats(VmRef vm)
    {
        await using var console = await Driver.OpenConsole(vm, Cancel);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(console);
        for (var beats = 0; beats < 3;)
        {
            beats += (await reader.ReadLineAsync(late.Token))!.StartsWith("HB", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    public GuestFolder FolderOf(VmRef vm) => GuestFolder.Of(Path.Combine(Folder, "vms"), vm);

    public bool IsOwnersOnly(VmRef vm) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(FolderOf(vm).Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Its process is ended as a crash ends it.</summary>
    public Task Crash(VmRef vm) => HostProcess.Kill(FolderOf(vm).PidFile, TimeSpan.FromSeconds(10), TimeProvider.System, Cancel);

    /// <summary>Its process gets a signal.</summary>
    public void Signal(VmRef vm, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", HostProcess.Of(FolderOf(vm).PidFile)!.Value.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Has the observers' monitor do something of QEMU's own console.</summary>
    public async Task<string> Ask(VmRef vm, string line)
    {
        await using var observer = await QmpConnection.Open(FolderOf(vm).Observer, outOfBand: false, TimeSpan.FromSeconds(10), TimeProvider.System, _ => { }, Cancel);
        return (string)(await observer.Do("human-monitor-command", new() { ["command-line"] = line }, Cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Driver.DisposeAsync();
        foreach (var guest in GuestFolder.All(Path.Combine(Folder, "vms")))
        {
            await HostProcess.Kill(guest.PidFile, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
        }

        folder.Delete(recursive: true);
    }

    private string Log(VmRef vm) => File.Exists(FolderOf(vm).Log) ? File.ReadAllText(FolderOf(vm).Log) : "no log";

    /// <summary>A driver as one whose caller was just started has it.</summary>
    public QemuDriver Fresh() => new(
        change(new()
        {
            Directory = Folder,
            HasObservers = true,
            Emulates = true,
            EmulationCacheMegabytes = 16,
            ArpProgram = ["busybox", "arping"],
            FirstPort = 20_000 + Environment.ProcessId % 20_000,
        }),
        Http,
        TimeProvider.System);
}

/// <summary>Two hosts and a move between them.</summary>
internal sealed class QemuLab(Func<QemuOptions, QemuOptions>? first = null, Func<QemuOptions, QemuOptions>? second = null) : IAsyncDisposable
{
    public static readonly MigrationId Move = MigrationId.Parse("astro/cg.1.1.1");

    /// <summary>Terms under which the guest's busy pages are sent in rounds that last a while.</summary>
    public static readonly TransferTerms Slow = new() { BytesPerSecond = 16 << 20, DowntimeSeconds = 0.001 };

    public QemuLabHost A { get; } = new(first);

    public QemuLabHost B { get; } = new(second);

    /// <summary>Starts a VM at A and waits until it works.</summary>
    public async Task<GuestSpec> Start(GuestSpec guest)
    {
        await A.Driver.Start(guest, QemuLabHost.Cancel);
        await A.UntilItBeats(guest.Vm);
        return guest;
    }

    /// <summary>Begins a move of a VM that runs at A.</summary>
    public async Task Begin(GuestSpec guest, TransferTerms terms, MigrationId? migration = null)
    {
        var to = await B.Driver.Receive(migration ?? Move, guest, terms, QemuLabHost.Cancel);
        await A.Driver.Send(migration ?? Move, guest.Vm, to, terms, QemuLabHost.Cancel);
    }

    /// <summary>Brings a move that was begun to where both ends have all.</summary>
    public async Task<GuestSighting> Finish(VmRef vm, MigrationId? migration = null)
    {
        await A.Until(vm, GuestState.AtSwitch);
        await A.Driver.Switch(migration ?? Move, vm, QemuLabHost.Cancel);
        var sent = await A.Until(vm, GuestState.Sent);
        await B.Until(vm, GuestState.Received);
        return sent!;
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
