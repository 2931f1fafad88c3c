using System.Diagnostics;
using Shouldly;

namespace Federation.Scenarios.Service;

/// <summary>A disk of a test's own, in memory, that is full when something has filled it. Takes root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-disk-");

    /// <summary>Where it is mounted.</summary>
    public string Path => folder.FullName;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts one.</summary>
    /// <param name="megabytes">Its size.</param>
    public static async Task<SmallDisk> Mount(int megabytes)
    {
        var disk = new SmallDisk();
        await Commands.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "federation-test", disk.Path);
        return disk;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Filler);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Commands.Run("umount", "-l", Path);
        folder.Delete();
    }
}

/// <summary>A folder that nobody can write to, root neither.</summary>
internal sealed class ReadOnlyFolder : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-readonly-");

    /// <summary>Where it is.</summary>
    public string Path => folder.FullName;

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Makes one: for root, whom no mode stops, by a mount.</summary>
    public static async Task<ReadOnlyFolder> Make()
    {
        var made = new ReadOnlyFolder();
        if (IsRoot)
        {
            await Commands.Run("mount", "-t", "tmpfs", "-o", "ro,size=1m", "federation-test", made.Path);
        }
        else
        {
            await Commands.Run("chmod", "0500", made.Path);
        }

        return made;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (IsRoot ? Commands.Run("umount", "-l", Path) : Commands.Run("chmod", "0700", Path));
        folder.Delete();
    }
}

/// <summary>Commands of the system that have to work.</summary>
internal static class Commands
{
    /// <summary>Runs one.</summary>
    public static async Task Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{command} {string.Join(' ', arguments)}");
    }
}
