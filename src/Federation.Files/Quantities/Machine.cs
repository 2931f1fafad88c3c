using Federation.Domain;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Files.Quantities;

/// <summary>What VMs need and offers have.</summary>
internal static class Machine
{
    /// <summary>vCPUs, at least 1.</summary>
    public static readonly ScalarType<int> Vcpus = Numbers.Count.AtMost(Limits.Number.Vcpus);

    /// <summary>Memory, bytes, more than zero.</summary>
    public static readonly ScalarType<long> Memory = Sizes.PositiveBytes.That(
        bytes => bytes <= Limits.Number.MemoryBytes, $"is more than {Sizes.Write(Limits.Number.MemoryBytes)}", "write a size such as 16GiB");

    /// <summary>A multiple of the reference core.</summary>
    public static readonly ScalarType<double> Speed = Numbers.Positive.AtLeast(Limits.Number.SlowestOffer).AtMost(Limits.Number.FastestOffer);
}
