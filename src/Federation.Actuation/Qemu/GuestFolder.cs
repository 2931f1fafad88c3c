using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;

namespace Federation.Actuation.Qemu;

/// <summary>The folder of one VM: what is known of it, its sockets, disks and logs. Only its owner may look into it.</summary>
internal sealed class GuestFolder
{
    private GuestFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The number of the VM's process.</summary>
    public string PidFile => In("qemu.pid");

    /// <summary>The driver's monitor.</summary>
    public string Monitor => In("driver.qmp");

    /// <summary>The driver's second monitor, whose commands are answered out of band.</summary>
    public string OutOfBand => In("urgent.qmp");

    /// <summary>A monitor that the driver leaves to others.</summary>
    public string Observer => In("observer.qmp");

    /// <summary>The VM's serial console.</summary>
    public string Console => In("console");

    /// <summary>What the VM wrote to its console.</summary>
    public string ConsoleLog => In("console.log");

    /// <summary>What QEMU had to say.</summary>
    public string Log => In("qemu.log");

    /// <summary>The disk for cloud-init.</summary>
    public string Seed => In("seed.img");

    /// <summary>Cold moves: becomes 1 in its first byte once all disks are here.</summary>
    public string Whole => In("whole.img");

    private string Record => In("guest.json");

    /// <summary>The VM's own layer of a disk.</summary>
    public string Disk(int index) => In($"disk{index}.qcow2");

    /// <summary>The folder of a VM; it need not be there.</summary>
    public static GuestFolder Of(string directory, VmRef vm)
    {
        // Names of VMs are longer than a socket's path may be: a piece to know it by, and a number that keeps them apart.
        var readable = string.Concat(vm.Key.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var number = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vm.Key)))[..8];
        return new(System.IO.Path.Combine(directory, $"{readable[..Math.Min(readable.Length, 16)]}-{number}"));
    }

    /// <summary>The folders that are there, in no order.</summary>
    public static IEnumerable<GuestFolder> All(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(path => new GuestFolder(path)) : [];

    /// <summary>What is known of the VM; null: nothing, the folder is not there or was never finished.</summary>
    public GuestRecord? Read() =>
        WholeFile.Read(Record) is { } bytes ? JsonSerializer.Deserialize<GuestRecord>(bytes, DomainJson.Options) : null;

    /// <summary>Writes down what is known of the VM, whole or not at all.</summary>
    public void Write(GuestRecord record)
    {
        PrivateFiles.MakeFolder(Path);
        var draft = Record + ".new";
        using (var file = PrivateFiles.MakeFile(draft))
        {
            JsonSerializer.Serialize(file, record with { Guest = record.Guest with { UserData = null } }, DomainJson.Indented);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Record, overwrite: true);
    }

    /// <summary>Removes all of it.</summary>
    public void Clear()
    {
        if (Directory.Exists(Path))
        {
            // What is known goes last: a half that were left would be nobody's.
            foreach (var file in Directory.EnumerateFiles(Path).Where(file => file != Record))
            {
                File.Delete(file);
            }

            Directory.Delete(Path, recursive: true);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
