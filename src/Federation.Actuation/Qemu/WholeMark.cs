namespace Federation.Actuation.Qemu;

/// <summary>Cold moves: a file of one sector that the source copies last, by which a destination knows that all disks before it are here.</summary>
internal static class WholeMark
{
    /// <summary>The name of its block device, and of its export.</summary>
    public const string Node = "whole";

    private const int Bytes = 512;

    /// <summary>Makes the file, set or not.</summary>
    public static void Write(string path, bool isSet)
    {
        var content = new byte[Bytes];
        content.AsSpan().Fill(isSet ? (byte)1 : (byte)0);
        File.WriteAllBytes(path, content);
    }

    /// <summary>Whether it is set.</summary>
    public static bool IsSet(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        return file.ReadByte() == 1;
    }
}
