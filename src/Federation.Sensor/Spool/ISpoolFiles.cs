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
