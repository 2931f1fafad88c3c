namespace Federation.Storage.Upgrading;

/// <summary>The files of the simulated hypervisor, a folder for each application: they are found by the application's identity.</summary>
/// <param name="folder">The hypervisor's folder.</param>
public sealed class SimulatedVmNames(string folder)
{
    /// <summary>Where the folders of the version before are put: beside the hypervisor's, for the way back.</summary>
    public string Aside => folder.TrimEnd(Path.DirectorySeparatorChar) + ".before-identity";

    private IEnumerable<string> Old => Directory.Exists(folder)
        ? Directory.GetDirectories(folder).Where(path => !Path.GetFileName(path).Contains("%2F", StringComparison.Ordinal))
        : [];

    /// <summary>Copies each application's VMs to where its newest life has them. Done again, it does the same.</summary>
    internal void Copy(Lives lives)
    {
        foreach (var old in Old)
        {
            var application = lives.Last(Uri.UnescapeDataString(Path.GetFileName(old)));
            var target = Directory.CreateDirectory(Path.Combine(folder, Uri.EscapeDataString(application.Key))).FullName;
            foreach (var file in Directory.GetFiles(old, "*.json"))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    /// <summary>Puts the folders of the version before aside, once the database is the new one.</summary>
    internal void PutOldAside()
    {
        foreach (var old in Old.ToList())
        {
            Directory.CreateDirectory(Aside);
            var target = Path.Combine(Aside, Path.GetFileName(old));
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(old, target);
        }
    }
}
