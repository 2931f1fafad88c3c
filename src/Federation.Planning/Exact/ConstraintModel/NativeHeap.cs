using System.Runtime.InteropServices;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>The memory of the C library, from which CP-SAT takes what it needs.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives the system back what has been freed. Does nothing where the C library is not glibc.</summary>
    /// <remarks>
    /// glibc keeps an arena of up to 64 MiB for each thread that took memory, eight for each processor, and what lies free between pieces in use
    /// stays resident: a service that proves plans kept about 500 MiB that nobody used.
    /// </remarks>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such function, and no arenas.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
