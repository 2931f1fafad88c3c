using Federation.Sensor.Spool;

namespace Federation.Host.Tests.Making;

/// <summary>Files in memory, for all threads; a test can let the disk fail.</summary>
internal sealed class MemoryFiles : ISpoolFiles
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, byte[]> files = [];

    /// <summary>Whether every write fails.</summary>
    public bool IsFull { get; set; }

    public IReadOnlyCollection<string> List()
    {
        lock (gate)
        {
            return [.. files.Keys];
        }
    }

    public byte[]? Read(string name)
    {
        lock (gate)
        {
            return files.GetValueOrDefault(name);
        }
    }

    public byte[] Read(string name, long offset, int length) => Read(name)!.AsSpan((int)offset, length).ToArray();

    public void Append(string name, ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            Check();
            files[name] = [.. files.GetValueOrDefault(name) ?? [], .. data];
        }
    }

    public void Replace(string name, ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            Check();
            files[name] = data.ToArray();
        }
    }

    public void Delete(string name)
    {
        lock (gate)
        {
            files.Remove(name);
        }
    }

    private void Check()
    {
        if (IsFull)
        {
            throw new IOException("no space left on device");
        }
    }
}
