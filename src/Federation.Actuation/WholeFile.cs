namespace Federation.Actuation;

/// <summary>Files that somebody else may remove at any moment.</summary>
internal static class WholeFile
{
    /// <summary>What is in a file; null: it is not there, or not any more.</summary>
    /// <remarks>Not asked first whether it is there: between the two it may go, as with a VM that is stopped while it is looked at.</remarks>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
