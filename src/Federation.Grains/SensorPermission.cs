using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Grains;

/// <summary>What its sender may report: a sensor what was on its host, anybody else who is let in everything.</summary>
/// <param name="Sensor">The sensor; null: somebody else.</param>
/// <param name="ReportsAs">As whom it reports.</param>
/// <param name="Application">Whose VMs it reports.</param>
/// <param name="Stays">Where the VMs that it reports were.</param>
internal sealed record SensorPermission(
    SensorPost? Sensor, string ReportsAs, AppId Application, IReadOnlyDictionary<VmId, ImmutableArray<VmStay>> Stays)
{
    private static readonly IReadOnlyDictionary<VmId, ImmutableArray<VmStay>> Nowhere = ImmutableDictionary<VmId, ImmutableArray<VmStay>>.Empty;

    /// <summary>Finds out; asks the VMs only if a sensor reports, and only those that there are.</summary>
    public static async Task<SensorPermission> Of(SensorPost? sensor, AppId application, SentWindows sent, ReportingVms known, IGrainFactory grains)
    {
        if (sensor is null || sensor.Name != sent.Sensor)
        {
            return new(sensor, sent.Sensor, application, Nowhere);
        }

        var vms = sent.Windows.Select(window => window.Vm).Distinct().Where(known.Has);
        var stays = await Task.WhenAll(vms.Select(async vm => (Vm: vm, Stays: await grains.Vm(new(application, vm)).Stays())));
        return new(sensor, sent.Sensor, application, stays.ToDictionary(entry => entry.Vm, entry => entry.Stays));
    }

    /// <summary>Why the window of a VM that there is is not taken; null if it is.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">The clock.</param>
    public Refusal? Against(SentWindow window, DateTimeOffset now)
    {
        if (Sensor is not { Name: var name, Place: var place })
        {
            return null;
        }

        if (name != ReportsAs)
        {
            return Refusal.ReportUnderOtherName(name, ReportsAs);
        }

        var here = Stays[window.Vm].Where(stay => stay.Place == place).ToList();
        return here.Count == 0 ? Refusal.ReportOfStranger(Application, window.Vm, $"{place}", place.Host, name)
            : here.Any(stay => stay.Covers(window.Part.Window, now)) ? null
            : Refusal.ReportFromElsewhere(window.Vm, $"{place}", name, $"{window.Part.Window}");
    }
}
