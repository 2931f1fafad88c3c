using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;

namespace Federation.Actuation.Libvirt;

/// <summary>What is known of VMs, a folder each with a file that is replaced whole, for its owner's eyes only.</summary>
internal sealed class LibvirtRecords(string directory)
{
    /// <summary>The VM's folder.</summary>
    public string FolderOf(VmRef vm) => Path.Combine(directory, Uri.EscapeDataString(vm.Key));

    /// <summary>What is known of a VM; null: nothing.</summary>
    public LibvirtRecord? Read(VmRef vm)
    {
        try
        {
            return JsonSerializer.Deserialize<LibvirtRecord>(File.ReadAllBytes(FileOf(vm)), DomainJson.Options);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps what is known of a VM.</summary>
    public LibvirtRecord Write(LibvirtRecord record)
    {
        var folder = Directory.CreateDirectory(FolderOf(record.Guest.Vm));
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        var draft = FileOf(record.Guest.Vm) + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(record, DomainJson.Indented));
        File.Move(draft, FileOf(record.Guest.Vm), overwrite: true);
        return record;
    }

    /// <summary>Forgets a VM.</summary>
    public void Remove(VmRef vm)
    {
        if (Directory.Exists(FolderOf(vm)))
        {
            Directory.Delete(FolderOf(vm), recursive: true);
        }
    }

    /// <summary>All VMs of which something is known, by name.</summary>
    public IEnumerable<VmRef> All() => !Directory.Exists(directory) ? [] :
        Directory.EnumerateDirectories(directory).Select(folder => VmRef.Parse(Uri.UnescapeDataString(Path.GetFileName(folder)))).Order();

    private string FileOf(VmRef vm) => Path.Combine(FolderOf(vm), "vm.json");
}
