using System.Runtime.InteropServices;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>Runs things with less privilege than this process has: capabilities belong to a thread.</summary>
public static class Capabilities
{
    public const int NetRaw = 13;
    public const int Bpf = 39;
    private const uint Version3 = 0x20080522;

    /// <summary>Runs something with these capabilities only, on a thread of its own.</summary>
    public static T RunWith<T>(int[] kept, Func<T> what)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                KeepOnly(kept);
                result = what();
            }
#pragma warning disable CA1031 // It is thrown again where it was asked for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException("it failed with less privilege", failure);
    }

    /// <summary>Drops all others from this thread, for good.</summary>
    public static void KeepOnly(int[] kept)
    {
        var sets = new uint[6];
        foreach (var capability in kept)
        {
            var low = capability < 32 ? 0 : 3;
            sets[low] |= 1U << (capability % 32);
            sets[low + 1] |= 1U << (capability % 32);
        }

        if (capset([Version3, 0], sets) != 0)
        {
            throw new InvalidOperationException($"capset failed: {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int capset(uint[] header, uint[] data);
}
