using System.Reflection;

namespace Federation.Scenarios.Service;

/// <summary>A build of the programs.</summary>
/// <param name="Silo">The service's.</param>
/// <param name="Fedctl">That of agents and of people.</param>
internal sealed record Build(string Silo, string Fedctl)
{
    /// <summary>The one that is tested.</summary>
    public static Build This { get; } = new(Known("Silo"), Known("Fedctl"));

    /// <summary>One of another version, if <c>FEDERATION_OTHER_BUILD</c> names the folder of its sources, built; else the same.</summary>
    public static Build Other { get; } = Environment.GetEnvironmentVariable("FEDERATION_OTHER_BUILD") is { Length: > 0 } folder
        ? new(In(folder, "Federation.Silo", "Federation.Silo.dll"), In(folder, "Federation.Cli", "fedctl.dll"))
        : This;

    private static string In(string folder, string project, string dll) => Path.Combine(folder, "src", project, "bin", "Release", "net10.0", dll);

    private static string Known(string key) => Path.GetFullPath(typeof(Build).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!);
}
