using System.Runtime.CompilerServices;
using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Xunit;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>What these tests may do on this machine. As root they all run.</summary>
public static class Privilege
{
    public const string Needed = "it makes network namespaces and captures in them, which takes root (CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN, CAP_BPF)";

    /// <summary>Whether everything is allowed: a namespace of one's own, and every backend in it.</summary>
    public static bool IsThere { get; } = NamespaceThread.IsAllowed() && Backends.All.All(IsAvailable);

    private static bool IsAvailable(string backend)
    {
        using var capture = CaptureChoice.Create(backend, new LiveCaptureOptions()).Capture;
        return capture is not null;
    }
}

/// <summary>A fact that needs root; without, it is left out by name, not passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = Privilege.Needed;
        SkipType = typeof(Privilege);
        SkipUnless = nameof(Privilege.IsThere);
    }
}

/// <summary>A theory that needs root; without, it is left out by name, not passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Skip = Privilege.Needed;
        SkipType = typeof(Privilege);
        SkipUnless = nameof(Privilege.IsThere);
    }
}
