using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Sockets;

/// <summary>The C library's functions that live capture needs. Each returns -1 where it failed, and the reason is the last P/Invoke error.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeFileHandle socket, void* address, uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeFileHandle socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafeFileHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle socket, nuint request, void* argument);

    /// <summary>An interface's number in the caller's network namespace; 0 if there is none of that name.</summary>
    [LibraryImport(Library, EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial uint InterfaceIndex(string name);

    /// <summary>Maps memory; the result is -1, not null, where it failed.</summary>
    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* wanted, nuint length, int access, int flags, SafeFileHandle file, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* start, nuint length);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, void* data, nuint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, void* data, nuint length);

    /// <summary>Sends a <c>msghdr</c>.</summary>
    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(SafeHandle socket, void* message, int flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint command, void* argument, nint length);
}

/// <summary>Makes exceptions of the C library's error numbers.</summary>
internal static class NativeFault
{
    /// <summary>Not allowed.</summary>
    public const int NotPermitted = 1;

    /// <summary>No such entry: the end, where entries are read one batch after another.</summary>
    public const int NoEntry = 2;

    /// <summary>The kernel does not give any more memory.</summary>
    public const int NoMemory = 12;

    /// <summary>Access denied.</summary>
    public const int Denied = 13;

    /// <summary>The last call's failure.</summary>
    /// <param name="what">What was tried, put before a colon and the system's text.</param>
    /// <param name="needed">The capability without which it is not permitted; told if that was the reason.</param>
    public static IOException Last(string what, string? needed = null)
    {
        var error = Marshal.GetLastPInvokeError();
        var remedy = needed is not null && error is NotPermitted or Denied ? $" (it needs {needed})" : "";
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}{remedy}") { HResult = error };
    }
}

/// <summary>One descriptor to wait on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    /// <summary>The descriptor.</summary>
    public int Descriptor;

    /// <summary>What is waited for.</summary>
    public short Wanted;

    /// <summary>What there was.</summary>
    public short Found;
}
