using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Sites.Scalars;
using Federation.Sites.Shapes;

namespace Federation.Sites.ApplicationFiles;

/// <summary>Reads the short form of a regular cluster: VMs alike but for a number in their names and addresses.</summary>
internal static class ClusterReader
{
    /// <summary>A short text must not stand for more VMs than a service could hold.</summary>
    private const int MostVms = 10_000;

    /// <summary>Leaves room for the number in a name of 63 characters.</summary>
    private const int LongestPrefix = 56;

    private static readonly ScalarType<int> Count =
        Numbers.Count.That(count => count <= MostVms, $"is more than {MostVms}", "write fewer VMs, or several applications");

    private static readonly ScalarType<VmId> Prefix =
        Names.Vm.That(prefix => prefix.Value.Length <= LongestPrefix, "is too long", $"write at most {LongestPrefix} characters");

    /// <summary>The VMs, counted from 1.</summary>
    public static ImmutableArray<VmSpec> Read(Section cluster, PlaceReader places)
    {
        var count = cluster.Read("count", Count, 1);
        var prefix = cluster.Read("prefix", Prefix, new VmId("vm"));
        var range = cluster.ReadOptional("firstAddress", Names.Address.As(first => new AddressRange(first)));
        var vm = VmReader.ReadUnnamed(cluster, places);
        if (range is { } addresses && addresses.At(count - 1) is null)
        {
            cluster.Refuse("firstAddress", $"leaves no room for {count} addresses", "begin at a lower address");
        }

        return
        [
            .. from index in Enumerable.Range(0, count)
               select vm with
               {
                   Id = new VmId(prefix.Value + (index + 1).ToString(CultureInfo.InvariantCulture)),
                   Addresses = range?.At(index) is { } own ? [own] : [],
               },
        ];
    }
}
