using System.Runtime.CompilerServices;
using Federation.Scenarios.Sensors;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>A fact that starts real VMs, mostly in network namespaces, which takes root and QEMU; without, it is left out by name, not passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QemuFactAttribute : FactAttribute
{
    public QemuFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = "it starts real VMs in network namespaces, which takes root and qemu-system-x86_64";
        SkipType = typeof(QemuFactAttribute);
        SkipUnless = nameof(IsPossible);
    }

    public static bool IsPossible => LabFactAttribute.IsRoot && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "qemu-system-x86_64")));
}
