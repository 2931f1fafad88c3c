using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Sensor.Attribution;
using Federation.Sensor.Counting;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;

namespace Federation.Sensor.Daemon;

/// <summary>Who sends most to whom, for people to look at.</summary>
internal static class PairRates
{
    private const int Most = 50;

    /// <summary>The heaviest pairs of a cut, heaviest first.</summary>
    /// <remarks>A frame that passed two interfaces of this host counts where it went out, so that it is seen once.</remarks>
    public static ImmutableArray<PairRate> Of(IEnumerable<FrameTally> tallies, HostVmsView vms, TimeSpan over, bool isTaps)
    {
        var index = new VmIndex(vms.Vms.Select(vm => new PresentVm(vm, Stay.Throughout)));
        var sums = new Dictionary<(string Source, string Destination), Tally>();
        foreach (var tally in tallies)
        {
            if (isTaps && !tally.Towards && index.Find(tally.DestinationMac, tally.Destination) is not null)
            {
                continue;
            }

            var pair = (Name(index, tally.SourceMac, tally.Source), Name(index, tally.DestinationMac, tally.Destination));
            sums[pair] = sums.GetValueOrDefault(pair) + new Tally(tally.Packets, tally.Bytes);
        }

        return [.. sums.OrderByDescending(entry => entry.Value.Bytes).ThenBy(entry => entry.Key).Take(Most).Select(entry => new PairRate(
            entry.Key.Source, entry.Key.Destination, entry.Value.Packets / over.TotalSeconds, entry.Value.Bytes / over.TotalSeconds))];
    }

    private static string Name(VmIndex index, Address mac, Address ip) =>
        index.Find(mac, ip)?.Vm.Vm.ToString() ?? (ip.Kind == AddressKind.None ? mac : ip).ToString();
}
