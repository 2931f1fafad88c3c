using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Spool;

/// <summary>Holds a folder for one sensor. The kernel gives it back when the process ends, however it ends.</summary>
/// <remarks>An advisory lock (flock) on the file <c>lock</c> in the folder, which names its owner. Where the folder is on a network file system, hosts share it too.</remarks>
public sealed class FolderLock : IDisposable
{
    private const string Name = "lock";

    private readonly SafeFileHandle file;

    private FolderLock(string folder, SafeFileHandle file) => (Folder, this.file) = (folder, file);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Takes a folder, which is made if there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="owner">Who takes it, one line, for whoever is refused after this.</param>
    /// <exception cref="IOException">The folder cannot be made, or its lock cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static LockOutcome Take(string folder, string owner)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Name);
        var file = Open(path);
        if (FileLock.Lock(file, FileLock.Exclusive | FileLock.DoNotWait) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            using (file)
            {
                return error == FileLock.WouldBlock ? new LockOutcome.Held(TextOf(file)) : throw Failure(path, error);
            }
        }

        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(owner), 0);
        return new LockOutcome.Taken(new FolderLock(folder, file));
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        // Whoever takes it next must not be shown as this one before it has said who it is.
        RandomAccess.SetLength(file, 0);
        // By word: a program that is being started has the open file as well for an instant, and would keep the lock.
        _ = FileLock.Lock(file, FileLock.Unlock);
        file.Dispose();
    }

    // Not the base library's handle: it locks while it opens, so that the owner's name could not be read.
    private static SafeFileHandle Open(string path)
    {
        var descriptor = FileLock.Open(path, FileLock.ReadWrite | FileLock.Create | FileLock.CloseOnExecute, FileLock.OwnerOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path, Marshal.GetLastPInvokeError());
    }

    private static string TextOf(SafeFileHandle file)
    {
        var bytes = new byte[256];
        return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
    }

    private static IOException Failure(string path, int error) => new($"{path} cannot be locked: {new Win32Exception(error).Message}");
}

/// <summary>What came of taking a folder.</summary>
public abstract record LockOutcome
{
    private LockOutcome()
    {
    }

    /// <summary>It is the caller's until it disposes of the lock.</summary>
    /// <param name="Lock">The lock.</param>
    public sealed record Taken(FolderLock Lock) : LockOutcome;

    /// <summary>Another has it.</summary>
    /// <param name="Owner">Who, as it said itself; empty in the instant before it has.</param>
    public sealed record Held(string Owner) : LockOutcome;
}

/// <summary>The system calls of a lock that belongs to an open file; the numbers are those of Linux on x64 and ARM64.</summary>
internal static partial class FileLock
{
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int CloseOnExecute = 0x80000;
    public const int OwnerOnly = 0x180;
    public const int Exclusive = 2;
    public const int DoNotWait = 4;
    public const int Unlock = 8;
    public const int WouldBlock = 11;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);
}
