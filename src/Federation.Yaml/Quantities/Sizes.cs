using Federation.Domain;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Quantities;

/// <summary>Sizes in bytes: <c>16GiB</c> (2^30), <c>40GB</c> (10^9), always with a unit.</summary>
public static class Sizes
{
    /// <summary>The units, in bytes.</summary>
    public static UnitTable Units { get; } = new("a size", "16GiB", new("B", 1),
        new("kB", 1_000), new("KiB", 1L << 10), new("MB", 1_000_000), new("MiB", 1L << 20),
        new("GB", 1_000_000_000), new("GiB", 1L << 30), new("TB", 1_000_000_000_000), new("TiB", 1L << 40));

    /// <summary>Zero or more whole bytes.</summary>
    public static ScalarType<long> Bytes { get; } = new(text => Units.Read(text, bareZero: false).Then(ToBytes));

    /// <summary>At least one byte.</summary>
    public static ScalarType<long> PositiveBytes { get; } =
        Bytes.That(bytes => bytes > 0, "is not more than zero", "write a size such as 16GiB");

    /// <summary>The shortest way to write bytes that <see cref="Bytes"/> reads back.</summary>
    public static string Write(long bytes) => Units.WriteWhole(bytes, "0B");

    private static Reading<long> ToBytes(ExactNumber bytes)
    {
        if (!bytes.TryToWhole(out var whole))
        {
            return Reading.No<long>("is no whole number of bytes", "write a size such as 16GiB");
        }

        return whole <= Limits.Number.Bytes
            ? Reading.Of((long)whole)
            : Reading.No<long>($"is too large: more than {Write(Limits.Number.Bytes)}", "write a size such as 16GiB");
    }
}
