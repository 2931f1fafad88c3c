namespace Federation.Sensor.Captures;

/// <summary>A capture file that cannot be read at all; the message says which, what is wrong and what would be right.</summary>
/// <remarks>A capture that can be read in part raises none: <see cref="CaptureEnd.Truncated"/> says where it stopped.</remarks>
public sealed class CaptureException : Exception
{
    /// <summary>Says what is wrong with a file.</summary>
    /// <param name="file">The file's path, as the user gave it.</param>
    /// <param name="fault">What is wrong and what would be right; put after the path and a colon.</param>
    /// <param name="cause">The failure beneath, if there was one.</param>
    public CaptureException(string file, string fault, Exception? cause = null)
        : base($"{file}: {fault}", cause) => File = file;

    /// <summary>The file's path, as the user gave it.</summary>
    public string File { get; }
}
