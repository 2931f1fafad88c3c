using System.Runtime.InteropServices;

namespace Federation.Grains.Solving;

/// <summary>The priority of one thread, which can be lowered from any other while it lives.</summary>
/// <remarks>The runtime leaves the priority alone on Linux, where a thread has a niceness of its own (setpriority(2), NOTES); lowering needs no right.</remarks>
internal sealed partial class ThreadPriorityHandle
{
    /// <summary>By how much the niceness of a thread is raised for whose work nobody waits: at 10 it gets a tenth of a processor that somebody else wants as well.</summary>
    public const int NicenessOfBackground = 10;

    private const int OfProcessOrThread = 0;
    private const int MostNice = 19;

    private readonly Thread thread = Thread.CurrentThread;
    private readonly uint number;
    private readonly int niceness;

    private ThreadPriorityHandle()
    {
        if (OperatingSystem.IsLinux())
        {
            number = ThreadNumber();
            niceness = GetPriority(OfProcessOrThread, number);
        }
    }

    /// <summary>That of the calling thread.</summary>
    public static ThreadPriorityHandle OfThisThread() => new();

    /// <summary>Lowers it, by so much from what it was at first.</summary>
    /// <param name="by">By how much the niceness is raised; at most 19 is reached.</param>
    /// <returns>Whether the system did so; if not, the priority is as it was.</returns>
    public bool Lower(int by)
    {
        if (OperatingSystem.IsLinux())
        {
            return SetPriority(OfProcessOrThread, number, Math.Min(niceness + by, MostNice)) == 0;
        }

        thread.Priority = by > NicenessOfBackground ? ThreadPriority.Lowest : ThreadPriority.BelowNormal;
        return true;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial uint ThreadNumber();

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
