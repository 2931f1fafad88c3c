namespace Federation.Sensor.Tests.Making;

/// <summary>A file that is gone after the test.</summary>
public sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"capture-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
