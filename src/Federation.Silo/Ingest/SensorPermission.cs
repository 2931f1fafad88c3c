using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Silo.Ingest;

/// <summary>What of a batch its sender may report: the operator everything, a sensor what was on its host.</summary>
/// <param name="Refusal">Why the batch as a whole is not taken; null if it is.</param>
/// <param name="Stays">Where the batch's VMs were; null: nobody asks.</param>
/// <param name="Sensor">The sensor; null: the operator.</param>
internal sealed record SensorPermission(string? Refusal, IReadOnlyDictionary<VmRef, IReadOnlyList<VmStay>>? Stays, SensorPost? Sensor)
{
    /// <summary>Finds out.</summary>
    public static async Task<SensorPermission> Of(
        SensorPost? sensor, string reportsAs, IEnumerable<VmRef> reported, IGrainFactory grains)
    {
        if (sensor is null)
        {
            return new(null, null, null);
        }

        if (reportsAs != sensor.Name)
        {
            return new($"this is the token of sensor {sensor.Name}: it cannot report as '{reportsAs}'", null, sensor);
        }

        var stays = new Dictionary<VmRef, IReadOnlyList<VmStay>>();
        foreach (var vm in reported.Distinct())
        {
            stays[vm] = await grains.Vm(vm).Stays();
        }

        var isStranger = stays.Count > 0 && !stays.Values.SelectMany(list => list).Any(stay => stay.Place == sensor.Place);
        return new(
            isStranger ? $"no VM of this batch was ever on {sensor.Place}, the host of sensor {sensor.Name}" : null, stays, sensor);
    }

    /// <summary>Why one report is not taken; null if it is.</summary>
    public string? Against(AppId application, WindowReport report) =>
        Sensor is null || Stays![new(application, report.Vm)].Any(stay => stay.Place == Sensor.Place && stay.Covers(report.Window))
            ? null
            : $"{report.Vm} was not on {Sensor.Place}, the host of sensor {Sensor.Name}, in the window from {report.Window}";
}
