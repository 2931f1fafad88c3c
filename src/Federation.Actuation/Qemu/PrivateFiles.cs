namespace Federation.Actuation.Qemu;

/// <summary>Files and folders that only their owner may read. QEMU's driver is for Linux; elsewhere they are as others are.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder that is not there.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, File | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Makes a file, or empties one that is there.</summary>
    public static FileStream MakeFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new(path, options);
    }

    /// <summary>Lets nobody write a file any more.</summary>
    public static void Seal(string path) => System.IO.File.SetAttributes(path, FileAttributes.ReadOnly);
}
