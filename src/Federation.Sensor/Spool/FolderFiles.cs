using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Spool;

/// <summary>The files of one spool. What a call did is durable when it returns.</summary>
/// <remarks>
/// If the machine stops within <see cref="Append"/>, any number of the data's first bytes are there, and what follows them may be wrong; within
/// <see cref="Replace"/> or <see cref="Delete"/> it was done or it was not. Every call throws <see cref="IOException"/> where the disk fails.
/// </remarks>
public interface ISpoolFiles
{
    /// <summary>The names of all files, in no order.</summary>
    IReadOnlyCollection<string> List();

    /// <summary>All of a file; null if there is none.</summary>
    byte[]? Read(string name);

    /// <summary>A part of a file that is there.</summary>
    byte[] Read(string name, long offset, int length);

    /// <summary>Puts data at the end of a file, which is made if there is none.</summary>
    void Append(string name, ReadOnlySpan<byte> data);

    /// <summary>Makes data the whole of a file, whether there is one or not.</summary>
    void Replace(string name, ReadOnlySpan<byte> data);

    /// <summary>Takes a file away, if there is one.</summary>
    void Delete(string name);
}

/// <summary>A spool's files in a folder of their own, readable by their owner alone. Safe among processes by the lock; within one, for one thread at a time.</summary>
public sealed class FolderFiles : ISpoolFiles
{
    private const string Draft = ".new";

    private readonly string folder;

    /// <summary>Opens a folder; drafts that a crash left in it are taken away.</summary>
    /// <param name="held">The folder; stays the caller's.</param>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public FolderFiles(FolderLock held)
    {
        folder = held.Folder;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var draft in Directory.GetFiles(folder, "*" + Draft))
        {
            File.Delete(draft);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> List() => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path))];

    /// <inheritdoc/>
    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public byte[] Read(string name, long offset, int length)
    {
        using var file = File.OpenHandle(PathOf(name));
        var data = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = RandomAccess.Read(file, data.AsSpan(read), offset + read);
            read += count > 0 ? count : throw new EndOfStreamException($"{PathOf(name)} ends at {offset + read}, not at {offset + length}");
        }

        return data;
    }

    /// <inheritdoc/>
    public void Append(string name, ReadOnlySpan<byte> data)
    {
        var isNew = !File.Exists(PathOf(name));
        using (var file = Open(PathOf(name), FileMode.OpenOrCreate))
        {
            RandomAccess.Write(file, data, RandomAccess.GetLength(file));
            RandomAccess.FlushToDisk(file);
        }

        if (isNew)
        {
            FlushFolder();
        }
    }

    /// <inheritdoc/>
    public void Replace(string name, ReadOnlySpan<byte> data)
    {
        using (var file = Open(PathOf(name) + Draft, FileMode.Create))
        {
            RandomAccess.Write(file, data, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(PathOf(name) + Draft, PathOf(name), overwrite: true);
        FlushFolder();
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        FlushFolder();
    }

    // A file's name is its folder's data: without this, a power cut may take the name and leave the file.
    private void FlushFolder() => FolderFlush.Flush(folder);

    private static SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.Write, FileShare.Read);

    private string PathOf(string name) => Path.Combine(folder, name);
}

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
