using System.Runtime.InteropServices;
using System.Text;
using Federation.Sensor.Live.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Kernel;

/// <summary>A socket filter that the kernel has checked and taken.</summary>
internal sealed unsafe class BpfProgram : IDisposable
{
    private const uint SocketFilter = 1;
    private const int LogBytes = 1 << 16;

    private BpfProgram(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>A program that an image before this one has loaded.</summary>
    public static BpfProgram Adopt(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>Loads a program.</summary>
    /// <exception cref="IOException">The kernel refused; the message has the verifier's last words, if it had any.</exception>
    public static BpfProgram Load(ReadOnlySpan<BpfInstruction> instructions)
    {
        var log = new byte[LogBytes];
        fixed (BpfInstruction* program = instructions)
        fixed (byte* text = log, license = "\0"u8)
        {
            var attributes = new ProgramAttributes
            {
                Type = SocketFilter, Count = (uint)instructions.Length, Instructions = (ulong)program, License = (ulong)license,
            };
            var descriptor = BpfCall.Invoke(BpfCall.Command.LoadProgram, ref attributes);
            if (descriptor >= 0)
            {
                return new BpfProgram(new SafeFileHandle(descriptor, ownsHandle: true));
            }

            var refusal = NativeFault.Last("loading the counting program", "CAP_BPF");
            attributes.LogLevel = 1;
            attributes.LogSize = LogBytes;
            attributes.Log = (ulong)text;
            using var unexpected = new SafeFileHandle(
                BpfCall.Invoke(BpfCall.Command.LoadProgram, ref attributes), ownsHandle: true);
            throw new IOException(refusal.Message + LastWords(log), refusal) { HResult = refusal.HResult };
        }
    }

    /// <summary>Unloads the program, once no socket uses it.</summary>
    public void Dispose() => Handle.Dispose();

    private static string LastWords(byte[] log)
    {
        var lines = Encoding.ASCII.GetString(log).TrimEnd('\0', '\n').Split('\n');
        var verdict = lines.LastOrDefault(line => line.Length > 0 && !line.StartsWith("processed ", StringComparison.Ordinal));
        return verdict is null ? "" : $"; the verifier says: {verdict}";
    }

    [StructLayout(LayoutKind.Explicit, Size = 48)]
    private struct ProgramAttributes
    {
        [FieldOffset(0)]
        public uint Type;

        [FieldOffset(4)]
        public uint Count;

        [FieldOffset(8)]
        public ulong Instructions;

        [FieldOffset(16)]
        public ulong License;

        [FieldOffset(24)]
        public uint LogLevel;

        [FieldOffset(28)]
        public uint LogSize;

        [FieldOffset(32)]
        public ulong Log;
    }
}

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
