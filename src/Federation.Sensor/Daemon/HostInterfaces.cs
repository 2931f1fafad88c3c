using System.Runtime.InteropServices;

namespace Federation.Sensor.Daemon;

/// <summary>The network interfaces of this host (of its network namespace).</summary>
internal static partial class HostInterfaces
{
    /// <summary>Their names; cheap enough to ask some times a second.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static IReadOnlyCollection<string> Names()
    {
        var list = NameIndex();
        if (list == 0)
        {
            throw new IOException("the system does not tell its network interfaces");
        }

        var names = new List<string>();
        // An array of (number, name), the last of them (0, null).
        for (var at = list; Marshal.ReadInt32(at) != 0; at += 2 * nint.Size)
        {
            names.Add(Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(at, nint.Size))!);
        }

        Free(list);
        return names;
    }

    [LibraryImport("libc", EntryPoint = "if_nameindex", SetLastError = true)]
    private static partial nint NameIndex();

    [LibraryImport("libc", EntryPoint = "if_freenameindex")]
    private static partial void Free(nint list);
}
