using System.Buffers.Binary;
using System.Text;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>
/// The disk by which cloud-init is told what to do (its NoCloud source): an ISO 9660 volume <c>cidata</c> with two files. Always 1 MiB, since the disks of
/// both ends of a move have one size, whatever is on them.
/// </summary>
/// <remarks>Names stand as cloud-init wants them once a kernel has put them in lower case. Source: ECMA-119.</remarks>
internal static class SeedDisk
{
    private const int Bytes = 1 << 20;
    private const int Sector = 2048;
    private const int LittlePathTable = 18;
    private const int BigPathTable = 19;
    private const int Root = 20;
    private const int FirstFile = 21;

    /// <summary>Writes the disk, readable by its owner only.</summary>
    /// <exception cref="DriverException">The user data do not fit.</exception>
    public static void Write(string path, VmRef vm, string userData)
    {
        var image = Image(Encoding.UTF8.GetBytes($"instance-id: {vm.Key.Replace('/', '-')}\nlocal-hostname: {vm.Vm}\n"), Encoding.UTF8.GetBytes(userData), vm);
        using var file = PrivateFiles.MakeFile(path);
        file.Write(image);
    }

    private static byte[] Image(byte[] meta, byte[] user, VmRef vm)
    {
        var image = new byte[Bytes];
        // Directories are in the order of names.
        var files = new[] { ("META-DATA.;1", meta), ("USER-DATA.;1", user) };
        var directory = image.AsSpan(Root * Sector, Sector);
        var at = Entry(directory, "\0", Root, Sector, isDirectory: true);
        at += Entry(directory[at..], "\u0001", Root, Sector, isDirectory: true);
        var sector = FirstFile;
        foreach (var (name, content) in files)
        {
            if (sector * Sector + content.Length > Bytes)
            {
                throw new DriverException($"{vm}: the user data for cloud-init take {content.Length} bytes, at most {Bytes - (FirstFile + 1) * Sector} fit");
            }

            at += Entry(directory[at..], name, sector, content.Length, isDirectory: false);
            content.CopyTo(image.AsSpan(sector * Sector));
            sector += Math.Max(1, (content.Length + Sector - 1) / Sector);
        }

        Volume(image.AsSpan(16 * Sector, Sector));
        "CD001\u0001"u8.CopyTo(image.AsSpan(17 * Sector + 1));
        image[17 * Sector] = 255;
        PathTable(image.AsSpan(LittlePathTable * Sector), isBig: false);
        PathTable(image.AsSpan(BigPathTable * Sector), isBig: true);
        return image;
    }

    private static void Volume(Span<byte> volume)
    {
        volume[0] = 1;
        "CD001\u0001"u8.CopyTo(volume[1..]);
        volume[8..72].Fill((byte)' ');
        "cidata"u8.CopyTo(volume[40..]);
        Both32(volume[80..], Bytes / Sector);
        Both16(volume[120..], 1);
        Both16(volume[124..], 1);
        Both16(volume[128..], Sector);
        Both32(volume[132..], 10);
        BinaryPrimitives.WriteInt32LittleEndian(volume[140..], LittlePathTable);
        BinaryPrimitives.WriteInt32BigEndian(volume[148..], BigPathTable);
        Entry(volume[156..190], "\0", Root, Sector, isDirectory: true);
        volume[190..813].Fill((byte)' ');
        foreach (var time in (int[])[813, 830, 847, 864])
        {
            volume.Slice(time, 16).Fill((byte)'0');
        }

        volume[881] = 1;
    }

    // One directory, the root: its name's length, where it is, its parent, its name.
    private static void PathTable(Span<byte> table, bool isBig)
    {
        table[0] = 1;
        if (isBig)
        {
            BinaryPrimitives.WriteInt32BigEndian(table[2..], Root);
            BinaryPrimitives.WriteInt16BigEndian(table[6..], 1);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(table[2..], Root);
            BinaryPrimitives.WriteInt16LittleEndian(table[6..], 1);
        }
    }

    private static int Entry(Span<byte> at, string name, int sector, int length, bool isDirectory)
    {
        var bytes = (33 + name.Length + 1) / 2 * 2;
        at[0] = (byte)bytes;
        Both32(at[2..], sector);
        Both32(at[10..], length);
        at[18] = 70;
        at[19] = at[20] = 1;
        at[25] = (byte)(isDirectory ? 2 : 0);
        Both16(at[28..], 1);
        at[32] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, at[33..]);
        return bytes;
    }

    private static void Both32(Span<byte> at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(at, value);
        BinaryPrimitives.WriteInt32BigEndian(at[4..], value);
    }

    private static void Both16(Span<byte> at, short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(at, value);
        BinaryPrimitives.WriteInt16BigEndian(at[2..], value);
    }
}
