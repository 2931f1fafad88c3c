using Federation.Domain.Identity;

namespace Federation.Actuation;

/// <summary>The file of one simulated VM: where it is, and whose turn it is to change it.</summary>
internal static class VmFile
{
    /// <summary>Waits for the turn; another process that ends, however it ends, gives its own back.</summary>
    /// <param name="path">The file that is held; made if there is none.</param>
    public static async Task<FileStream> Hold(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }
    }

    /// <summary>Where a VM's file is. Names come from files that people write: whatever is no plain name must not become a path.</summary>
    public static string PathOf(string directory, VmRef vm) =>
        Path.Combine(directory, Uri.EscapeDataString(vm.Application.Key), Uri.EscapeDataString(vm.Vm.Value) + ".json");
}
