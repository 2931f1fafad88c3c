using System.Runtime.CompilerServices;
using Xunit;

namespace Federation.Scenarios.Sensors;

/// <summary>A fact that makes network namespaces, which takes root; without, it is left out by name, not passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = "it makes network namespaces with bridges and captures in them, which takes root";
        SkipType = typeof(LabFactAttribute);
        SkipUnless = nameof(IsRoot);
    }

    public static bool IsRoot => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux();
}
