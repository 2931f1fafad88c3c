using System.Collections.Concurrent;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;

namespace Federation.Actuation.Simulated;

/// <summary>
/// The simulated VMs of all hosts that share a folder, a JSON file each, replaced whole: no crash leaves a VM between two states.
/// Safe for use by several threads, and by several processes of one machine.
/// </summary>
/// <param name="directory">Where they are; made when it is first needed.</param>
internal sealed class SimulatedWorld(string directory)
{
    private readonly ConcurrentDictionary<VmRef, SemaphoreSlim> turns = new();

    /// <summary>The VM; nowhere, if it has no file.</summary>
    public async Task<SimulatedGuest> Read(VmRef vm, CancellationToken cancel)
    {
        try
        {
            var json = await File.ReadAllBytesAsync(PathOf(vm), cancel);
            return JsonSerializer.Deserialize<SimulatedGuest>(json, DomainJson.Options) ?? throw new InvalidDataException($"{PathOf(vm)} holds no VM");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return SimulatedGuest.Nowhere;
        }
    }

    /// <summary>Replaces the VM by what a function makes of it; if that throws, nothing changes. A VM that is nowhere has no file.</summary>
    public async Task Update(VmRef vm, Func<SimulatedGuest, SimulatedGuest> change)
    {
        var turn = turns.GetOrAdd(vm, _ => new(1, 1));
        await turn.WaitAsync();
        try
        {
            var path = PathOf(vm);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var held = await VmFile.Hold(path + ".lock");
            Replace(path, change(await Read(vm, CancellationToken.None)));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The VMs that are anywhere, in no order.</summary>
    public IEnumerable<VmRef> All() => !Directory.Exists(directory) ? [] :
        from folder in Directory.EnumerateDirectories(directory)
        from file in Directory.EnumerateFiles(folder, "*.json")
        select new VmRef(AppId.Parse(Uri.UnescapeDataString(Path.GetFileName(folder))), new(Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(file))));

    private static void Replace(string path, SimulatedGuest guest)
    {
        if (guest.Copies.IsEmpty)
        {
            File.Delete(path);
            return;
        }

        var draft = path + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(guest, DomainJson.Indented));
        File.Move(draft, path, overwrite: true);
    }

    private string PathOf(VmRef vm) => VmFile.PathOf(directory, vm);
}
