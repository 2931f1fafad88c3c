using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>What <c>virsh domjobinfo</c> prints of a migration.</summary>
internal sealed class JobInfo
{
    private static readonly ImmutableDictionary<string, double> Units = new Dictionary<string, double>
    {
        ["B"] = 1, ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40,
    }.ToImmutableDictionary();

    private readonly ImmutableDictionary<string, string> lines;

    private JobInfo(ImmutableDictionary<string, string> lines) => this.lines = lines;

    /// <summary>Whether a job goes on.</summary>
    public bool IsActive => lines.GetValueOrDefault("Job type") is { } type && type is not ("None" or "Completed" or "Failed");

    /// <summary>Reads it.</summary>
    public static JobInfo Read(string printed) => new(printed.Split('\n')
        .Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0].Trim()).ToImmutableDictionary(parts => parts[0].Trim(), parts => parts[1].Trim()));

    /// <summary>How far it is.</summary>
    public TransferProgress Progress(MigrationId migration) => new(
        migration,
        Bytes("Memory total") ?? 0,
        Bytes("Memory processed") ?? 0,
        Bytes("Memory remaining") ?? 0,
        Bytes("File total") ?? 0,
        Bytes("File processed") ?? 0,
        Number("Dirty rate") is { } pages ? pages * (Number("Page size") ?? 4096) : null,
        (int)(Number("Iteration") ?? 0),
        (Number("Time elapsed") ?? 0) / 1000,
        Number("Expected downtime") / 1000,
        Number("Total downtime") / 1000);

    private double? Number(string key) =>
        double.TryParse(lines.GetValueOrDefault(key)?.Split(' ')[0], CultureInfo.InvariantCulture, out var number) ? number : null;

    private long? Bytes(string key) =>
        Number(key) is { } number && lines[key].Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1) is { } unit && Units.TryGetValue(unit, out var size)
            ? (long)(number * size)
            : null;
}
