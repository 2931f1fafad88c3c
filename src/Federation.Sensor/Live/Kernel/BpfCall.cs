using System.Runtime.InteropServices;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Kernel;

/// <summary>The bpf(2) system call, for which the C library has no function.</summary>
internal static unsafe class BpfCall
{
    /// <summary>What the call is to do, as numbered.</summary>
    public enum Command
    {
        CreateMap = 0,
        LookupElement = 1,
        UpdateElement = 2,
        LoadProgram = 5,
        ObjectInformation = 15,
        LookupBatch = 24,
        LookupAndDeleteBatch = 25,
    }

    /// <summary>Makes the call.</summary>
    /// <returns>A descriptor or 0; -1 if it failed.</returns>
    public static int Invoke<T>(Command command, ref T attributes)
        where T : unmanaged
    {
        fixed (T* pointer = &attributes)
        {
            return (int)LibC.SystemCall(Number, (nint)command, pointer, sizeof(T));
        }
    }

    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 280,
        var other => throw new IOException($"the number of the bpf system call is not known for {other}"),
    };
}
