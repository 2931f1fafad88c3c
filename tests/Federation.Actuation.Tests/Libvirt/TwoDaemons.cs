using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Federation.Actuation.Tests.Libvirt;

/// <summary>Two libvirt daemons, as two hosts, in namespaces of their own.</summary>
internal sealed class TwoDaemons : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-libvirt-");

    public TwoDaemons() => Call("up");

    public string Folder => folder.FullName;

    // Not twice on one machine, whoever tests beside.
    public static string Name { get; } = $"fl{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";

    public void Dispose()
    {
        Call("down");
        folder.Delete(recursive: true);
    }

    private void Call(string verb)
    {
        using var script = Process.Start(new ProcessStartInfo(Path.Combine(Here(), "two-daemons.sh"), [verb, Folder, Name]) { RedirectStandardError = true })!;
        script.WaitForExit();
        if (script.ExitCode != 0)
        {
            throw new InvalidOperationException($"two-daemons.sh {verb} (needs root, libvirt-daemon-system, libvirt-clients, iproute2): {script.StandardError.ReadToEnd()}");
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
