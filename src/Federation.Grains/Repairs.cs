using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;

namespace Federation.Grains;

/// <summary>Does what findings about one application ask for, while nothing else can be done to it.</summary>
internal sealed class Repairs(IGrainFactory grains, IHypervisor hypervisor, EventRecorder events)
{
    /// <summary>Looks once more, and repairs what still does not fit.</summary>
    /// <returns>The state after it.</returns>
    public async Task<ApplicationState> Do(ApplicationState state, ApplicationOperation.Repair repair, AppId named)
    {
        var still = Reconciliation.Compare(await new FederationLooks(grains, hypervisor).Take(named)).ToHashSet();
        var newest = 0;
        foreach (var finding in repair.Findings.Where(still.Contains))
        {
            if (await Do(finding.Repair!))
            {
                newest = finding.Repair is Repair.SkipIncarnation skip ? skip.Application.Incarnation : newest;
                await events.Record("doctor.repaired", $"{FindingText.Of(finding)}: {FindingText.Remedy(finding)}", finding.Application, finding.At?.Site);
            }
        }

        return state.EndRepair(repair.Number, newest);
    }

    // False: its site does not answer, a later look finds it again.
    private async Task<bool> Do(Repair repair)
    {
        try
        {
            await (repair switch
            {
                Repair.FreePlace free => grains.Site(free.Site).Repair([free]),
                Repair.KeepPlace keep => grains.Site(keep.At.Site).Repair([keep]),
                Repair.Locate locate => grains.Vm(locate.Vm).Found(locate.At, locate.Epoch),
                Repair.List list => grains.Federation().RegisterApplication(list.Application, needs: null),
                Repair.Unlist unlist => grains.Federation().RemoveApplication(unlist.Application),
                _ => Task.CompletedTask,
            });
            return true;
        }
        catch (SiteOfflineException)
        {
            return false;
        }
    }
}
