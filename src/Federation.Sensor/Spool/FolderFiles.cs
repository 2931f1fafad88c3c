using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Spool;

/// <summary>A spool's files in a folder of their own, readable by their owner alone. Not safe for use by several processes.</summary>
public sealed class FolderFiles : ISpoolFiles
{
    private const string Draft = ".new";

    private readonly string folder;

    /// <summary>Opens a folder, which is made if there is none; drafts that a crash left in it are taken away.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public FolderFiles(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
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
    public byte[]? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;

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
