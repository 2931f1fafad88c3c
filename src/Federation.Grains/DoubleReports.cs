using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>Finds out which VMs' windows several sensors report whole, so that their frames count more than once.</summary>
/// <remarks>A VM that moves has a whole part from each of its hosts, and none of its frames twice.</remarks>
/// <param name="grains">Tell where VMs were.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class DoubleReports(IGrainFactory grains, TimeProvider clock)
{
    // What goes on is told once; what comes again after ten minutes without is told again.
    private const int Apart = 20;

    // A hostile sensor may give itself any number of names.
    private const int MostTold = 100;

    private readonly Dictionary<string, int> told = new(StringComparer.Ordinal);

    /// <summary>An answer without those remarks of double windows that a move explains.</summary>
    public async Task<QueryOutcome> Explained(QueryOutcome outcome, AppId application)
    {
        if (outcome is not QueryOutcome.Answered { Answer: var answer } || answer.Windows.All(window => window.Doubled.IsEmpty))
        {
            return outcome;
        }

        var (stays, now) = (await Stays(application, answer.Windows.SelectMany(window => window.Doubled)), clock.GetUtcNow());
        return new QueryOutcome.Answered(answer with
        {
            Windows = [.. answer.Windows.Select(window => window with
            {
                Doubled = [.. window.Doubled.Where(vm => !VmStay.MayHaveMoved(stays[vm], window.Window, now))],
            })],
        });
    }

    /// <summary>What is to be told of windows that came: one sentence for each set of sensors of which it was not told of late.</summary>
    /// <param name="application">The application.</param>
    /// <param name="came">Windows that came.</param>
    /// <param name="recent">All that is known of them.</param>
    public async Task<ImmutableArray<string>> New(AppId application, IReadOnlyCollection<SentWindow> came, RecentWindows recent)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        var doubled = came.Select(window => (window.Vm, window.Part.Window, Sensors: string.Join(", ", recent.SensorsOfDouble(window.Vm, window.Part.WindowNumber))))
            .Where(window => window.Sensors.Length > 0).GroupBy(window => (window.Sensors, window.Window));
        foreach (var same in doubled.OrderBy(same => same.Key.Window))
        {
            if (!IsTold(same.Key.Sensors, PackedPart.NumberOf(same.Key.Window)) && await Unmoved(application, same.Key.Window, same.Select(window => window.Vm)) is [_, ..] vms)
            {
                Note(same.Key.Sensors, PackedPart.NumberOf(same.Key.Window));
                sentences.Add(Sentence(application, same.Key.Sensors, same.Key.Window, vms));
            }
        }

        return sentences.DrainToImmutable();
    }

    private static string Sentence(AppId application, string sensors, Window window, ImmutableArray<VmId> vms)
    {
        var some = string.Join(", ", vms.Take(5)) + (vms.Length > 5 ? $" and {vms.Length - 5} more" : "");
        return $"{application}: the sensors {sensors} each report the whole window {window} of {some}: frames that they both see count twice; "
            + "let one sensor report a VM, and stop the others";
    }

    private bool IsTold(string sensors, int window)
    {
        var isTold = told.TryGetValue(sensors, out var last) && window - last <= Apart;
        if (isTold)
        {
            told[sensors] = Math.Max(last, window);
        }

        return isTold;
    }

    private void Note(string sensors, int window)
    {
        if (told.Count >= MostTold)
        {
            told.Clear();
        }

        told[sensors] = window;
    }

    private async Task<ImmutableArray<VmId>> Unmoved(AppId application, Window window, IEnumerable<VmId> vms)
    {
        var (stays, now) = (await Stays(application, vms), clock.GetUtcNow());
        return [.. stays.Where(vm => !VmStay.MayHaveMoved(vm.Value, window, now)).Select(vm => vm.Key).Order()];
    }

    private async Task<Dictionary<VmId, ImmutableArray<VmStay>>> Stays(AppId application, IEnumerable<VmId> vms)
    {
        var stays = await Task.WhenAll(vms.Distinct().Select(async vm => (Vm: vm, Stays: await grains.Vm(new(application, vm)).Stays())));
        return stays.ToDictionary(vm => vm.Vm, vm => vm.Stays);
    }
}
