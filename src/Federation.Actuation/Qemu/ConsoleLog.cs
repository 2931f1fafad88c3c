namespace Federation.Actuation.Qemu;

/// <summary>What a VM wrote to its console. QEMU appends to it without a bound; a VM must not fill its host's disk.</summary>
internal static class ConsoleLog
{
    /// <summary>Cuts the log once it is twice as long as is kept: the older part goes.</summary>
    public static void Bound(string path, long keep)
    {
        if (!File.Exists(path) || new FileInfo(path).Length <= 2 * keep)
        {
            return;
        }

        var tail = Tail(path, keep);
        // QEMU appends at the end, wherever that is; what it writes between the two lines is lost.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(tail);
    }

    /// <summary>The last bytes of the log.</summary>
    public static byte[] Tail(string path, long bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Max(0, file.Length - bytes);
        var tail = new byte[Math.Min(bytes, file.Length - file.Position)];
        return tail[..file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
    }
}
