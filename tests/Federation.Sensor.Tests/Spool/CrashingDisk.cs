using Federation.Sensor.Spool;

namespace Federation.Sensor.Tests.Spool;

/// <summary>A spool's files in memory, on a machine whose power fails after so many bytes.</summary>
internal sealed class CrashingDisk(long bytesUntilCrash = long.MaxValue) : ISpoolFiles
{
    private readonly Dictionary<string, byte[]> files = [];
    private long left = bytesUntilCrash;

    /// <summary>Bytes written so far, a deletion counting as one.</summary>
    public long Written { get; private set; }

    /// <summary>What had been written before each deletion: where a failure comes between a file and the one that replaces it.</summary>
    public List<long> Deletions { get; } = [];

    /// <summary>Whether nothing can be written any more.</summary>
    public bool HasFailed => left == 0;

    /// <summary>The same disk after a restart of the machine.</summary>
    /// <param name="garbage">What is found behind the last byte that was written, if that was in the midst of an append.</param>
    /// <param name="bytesUntilCrash">When it fails again.</param>
    public CrashingDisk Restarted(byte[]? garbage = null, long bytesUntilCrash = long.MaxValue)
    {
        var disk = new CrashingDisk(bytesUntilCrash);
        foreach (var (name, data) in files)
        {
            disk.files[name] = name == torn ? [.. data, .. garbage ?? []] : data;
        }

        return disk;
    }

    private string? torn;

    public IReadOnlyCollection<string> List() => [.. files.Keys];

    public byte[]? Read(string name) => files.GetValueOrDefault(name)?.ToArray();

    public byte[] Read(string name, long offset, int length) => files[name].AsSpan((int)offset, length).ToArray();

    public void Append(string name, ReadOnlySpan<byte> data)
    {
        var fits = (int)Math.Min(left, data.Length);
        files[name] = [.. files.GetValueOrDefault(name) ?? [], .. data[..fits]];
        torn = fits < data.Length ? name : null;
        Spend(data.Length);
    }

    public void Replace(string name, ReadOnlySpan<byte> data)
    {
        Spend(data.Length);
        files[name] = data.ToArray();
    }

    public void Delete(string name)
    {
        Deletions.Add(Written);
        Spend(1);
        files.Remove(name);
    }

    private void Spend(int bytes)
    {
        Written += Math.Min(bytes, left);
        left -= Math.Min(bytes, left);
        if (left == 0)
        {
            throw new IOException("the power failed");
        }
    }
}
