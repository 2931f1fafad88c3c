using Federation.Domain;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Quantities;

/// <summary>Rates, in bytes per second: <c>10Gbps</c> (bits, powers of ten), <c>20MB/s</c>, <c>20MiB/s</c>.</summary>
public static class Rates
{
    private static readonly DecimalUnits Bits = new(("bps", 0), ("kbps", 3), ("Mbps", 6), ("Gbps", 9), ("Tbps", 12));
    private static readonly DecimalUnits Bytes = new(("B/s", 0), ("kB/s", 3), ("MB/s", 6), ("GB/s", 9), ("TB/s", 12));

    /// <summary>The units, in bits per second.</summary>
    public static UnitTable Units { get; } = new("a rate", "10Gbps or 20MB/s",
        new("bps", 1), new("B/s", 8), new("kbps", 1_000), new("kB/s", 8_000), new("KiB/s", 8L << 10),
        new("Mbps", 1_000_000), new("MB/s", 8_000_000), new("MiB/s", 8L << 20), new("Gbps", 1_000_000_000),
        new("GB/s", 8_000_000_000), new("GiB/s", 8L << 30), new("Tbps", 1_000_000_000_000), new("TB/s", 8_000_000_000_000));

    /// <summary>Bytes per second, zero or more, a bare 0 being plain enough.</summary>
    public static ScalarType<double> BytesPerSecond { get; } = new(text => Units.Read(text, bareZero: true).Then(ToBytesPerSecond));

    /// <summary>Bytes per second, enough to send anything at all.</summary>
    public static ScalarType<double> Bandwidth { get; } = BytesPerSecond
        .That(rate => rate > 0, "is not more than zero", "write a bandwidth such as 10Gbps")
        .That(rate => rate >= Limits.Number.LeastBandwidth, $"is less than {WriteBits(Limits.Number.LeastBandwidth)}", "write a bandwidth such as 10Gbps");

    /// <summary>A network's bandwidth as people write it, in bits.</summary>
    public static string WriteBits(double bytesPerSecond) => Bits.Write(bytesPerSecond * 8, "0bps");

    /// <summary>A rate at which memory or files change, in bytes.</summary>
    public static string WriteBytes(double bytesPerSecond) => Bytes.Write(bytesPerSecond, "0B/s");

    // A division by 8 is exact in binary: the one rounding is ToDouble's.
    private static Reading<double> ToBytesPerSecond(ExactNumber bits) =>
        bits.ToDouble() / 8 is var rate && rate <= Limits.Number.Rate
            ? Reading.Of(rate)
            : Reading.No<double>($"is too fast: more than {WriteBits(Limits.Number.Rate)}", "write a rate such as 10Gbps");
}
