using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Federation.Sensor.Spool;

/// <summary>Makes durable which files a folder has; the base library flushes files only.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnlyDirectory = 0x10000;

    /// <exception cref="IOException">The disk failed.</exception>
    public static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnlyDirectory);
        if (descriptor < 0 || Synchronize(descriptor) != 0)
        {
            var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            if (descriptor >= 0)
            {
                _ = Close(descriptor);
            }

            throw new IOException($"{folder} cannot be flushed: {reason}");
        }

        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
