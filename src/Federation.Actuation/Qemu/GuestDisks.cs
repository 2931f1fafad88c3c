using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Guests;

namespace Federation.Actuation.Qemu;

/// <summary>Makes the disks of a VM in its folder: for each a layer of its own over its base.</summary>
internal sealed class GuestDisks(ImageStore images, HostPrograms programs, string imageProgram)
{
    /// <summary>The images that a VM needs to be here.</summary>
    public static ImmutableArray<GuestImage> Images(GuestSpec guest) =>
    [
        .. guest.Kernel is { } kernel ? kernel.Initrd is { } initrd ? [kernel.Image, initrd] : [kernel.Image] : ImmutableArray<GuestImage>.Empty,
        .. guest.Disks.Select(disk => disk.Base).OfType<GuestImage>(),
    ];

    /// <summary>Fetches images and makes the disks that are not there yet.</summary>
    /// <param name="guest">The VM.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="hasSeed">Whether it has a disk for cloud-init.</param>
    /// <param name="isReceived">Whether the disks are to be filled by a move.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="Domain.Hosts.DriverException">An image cannot be had, or a disk cannot be made.</exception>
    public async Task Make(GuestSpec guest, GuestFolder folder, bool hasSeed, bool isReceived, CancellationToken cancel)
    {
        foreach (var image in Images(guest))
        {
            await images.Fetch(image, cancel);
        }

        foreach (var (index, disk) in guest.Disks.Index())
        {
            if (!File.Exists(folder.Disk(index)))
            {
                await Make(disk, folder.Disk(index), cancel);
            }
        }

        if (hasSeed && !File.Exists(folder.Seed))
        {
            SeedDisk.Write(folder.Seed, guest.Vm, isReceived ? "" : guest.UserData ?? "");
        }
    }

    private async Task Make(GuestDisk disk, string path, CancellationToken cancel)
    {
        var draft = path + ".new";
        await programs.Do(
        [
            imageProgram, "create", "-q", "-f", "qcow2",
            .. disk.Base is { } image ? ["-F", DiskFormat.Of(images.PathOf(image)), "-b", images.PathOf(image)] : Array.Empty<string>(),
            draft, disk.SizeBytes.ToString(CultureInfo.InvariantCulture),
        ], cancel);
        File.Move(draft, path, overwrite: true);
    }
}
