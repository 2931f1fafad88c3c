using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Reconciling;

namespace Federation.Actuation;

/// <summary>What the simulated hypervisor knows of a VM.</summary>
/// <param name="Epoch">The newest epoch that it was called with.</param>
/// <param name="Instances">The VM's copies; empty: it is nowhere. Compared by reference.</param>
public sealed record SimulatedVm(long Epoch, ImmutableArray<VmInstance> Instances)
{
    /// <summary>The transfer that is under way; null: none.</summary>
    public SimulatedTransfer? Transfer { get; init; }
}

/// <summary>A transfer that takes its time and copies nothing.</summary>
/// <param name="Migration">Which.</param>
/// <param name="Bytes">What it is said to send before its switch.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="AtSwitchAt">When it is at its switch.</param>
/// <param name="RestSeconds">How long the rest takes from then on.</param>
/// <param name="SwitchedAt">When it was told to go on; null: it was not.</param>
public sealed record SimulatedTransfer(
    MigrationId Migration, long Bytes, DateTimeOffset BeganAt, DateTimeOffset AtSwitchAt, double RestSeconds, DateTimeOffset? SwitchedAt = null);

/// <summary>The simulated VMs, a JSON file each: <c>APPLICATION/VM.json</c>. Safe for use by several threads, and by several processes of one machine.</summary>
/// <param name="directory">Where they are; made when it is first needed.</param>
public sealed class SimulatedVmFiles(string directory)
{
    private readonly ConcurrentDictionary<VmRef, SemaphoreSlim> locks = new();

    /// <summary>Reads one VM; epoch 0 and nowhere, if it has no file.</summary>
    public async Task<SimulatedVm> Read(VmRef vm, CancellationToken cancel)
    {
        var path = PathOf(vm);
        if (!File.Exists(path))
        {
            return new(0, []);
        }

        var json = await File.ReadAllBytesAsync(path, cancel);
        return JsonSerializer.Deserialize<SimulatedVm>(json, DomainJson.Options)
            ?? throw new InvalidDataException($"{path} holds no VM");
    }

    /// <summary>Replaces one VM's file by what a function makes of it; if that throws, nothing changes.</summary>
    public async Task Update(VmRef vm, Func<SimulatedVm, SimulatedVm> change)
    {
        var turn = locks.GetOrAdd(vm, _ => new(1, 1));
        await turn.WaitAsync();
        try
        {
            var path = PathOf(vm);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var held = await VmFile.Hold(path + ".lock");
            var next = change(await Read(vm, CancellationToken.None));
            var draft = path + ".new";
            await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(next, DomainJson.Indented));
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The applications of which any VM ever had a file, in no order.</summary>
    public IEnumerable<AppId> Applications() => Folders().Select(folder => folder.Application);

    /// <summary>The VMs that have a file, in no order; some of them may be nowhere.</summary>
    public IEnumerable<VmRef> All() =>
        from folder in Folders()
        from file in Directory.EnumerateFiles(folder.Path, "*.json")
        select new VmRef(folder.Application, new(Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(file))));

    private IEnumerable<(string Path, AppId Application)> Folders() => !Directory.Exists(directory) ? [] :
        Directory.EnumerateDirectories(directory).Select(folder => (folder, AppId.Parse(Uri.UnescapeDataString(Path.GetFileName(folder)))));

    private string PathOf(VmRef vm) => VmFile.PathOf(directory, vm);
}
