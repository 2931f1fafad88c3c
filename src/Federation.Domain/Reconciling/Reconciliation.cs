using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Reconciling;

/// <summary>Compares what ledgers, hypervisors, applications, VM grains and the directory say. Hypervisors are right about where VMs run.</summary>
/// <remarks>
/// Of an application with an operation under way nothing is said: it is on its way. Where a site is silent, nothing that it could contradict is
/// said either.
/// </remarks>
public static class Reconciliation
{
    /// <summary>What does not fit, by site, application and VM.</summary>
    public static ImmutableArray<Finding> Compare(FederationLook look)
    {
        var applications = look.Applications.ToDictionary(application => application.Named);
        var idle = look.Applications.Where(application => !application.IsBusy).ToList();
        var quiet = idle.Select(application => application.Named).ToHashSet();
        var seen = Seen(look);
        var findings = new List<Finding>();
        findings.AddRange(look.Sites.Where(site => site.Places is null || site.Runs is null).Select(site => new Finding(FindingKind.SiteSilent, Site: site.Site)));
        findings.AddRange(look.Applications.SelectMany(application => OfApplication(application, NewestOf(look, application.Named, seen))));
        foreach (var vm in look.Vms.Where(vm => quiet.Contains(vm.Vm.Application.Named)).OrderBy(vm => vm.Vm))
        {
            findings.AddRange(OfVm(look, vm, seen.GetValueOrDefault(vm.Vm), applications[vm.Vm.Application.Named]));
        }

        return [.. findings];
    }

    private static IEnumerable<Finding> OfApplication(ApplicationLook application, int newest)
    {
        if (application.ClaimedBy is { } plan)
        {
            yield return new(FindingKind.ClaimOfEndedPlan, application.Named, Plan: plan);
        }

        if (application.IsBusy)
        {
            yield break;
        }

        if (application.Present is { } present && application.Listed != present)
        {
            yield return new(FindingKind.NotListed, present);
        }

        if (application.Listed is { } listed && application.Present != listed)
        {
            yield return new(FindingKind.ListedInVain, listed);
        }

        newest = Math.Max(newest, application.Seen);
        if (newest > Math.Max(application.Incarnation, application.Skipped))
        {
            yield return new(FindingKind.IncarnationBehind, application.Named with { Incarnation = newest });
        }
    }

    // The newest life of a name of which a VM was ever started anywhere; a place alone says nothing.
    private static int NewestOf(FederationLook look, AppId named, Dictionary<VmRef, VmSighting> seen) => look.Vms
        .Where(vm => vm.Vm.Application.Named == named && (vm.Epoch > 0 || vm.SeenEpoch > 0 || seen.ContainsKey(vm.Vm)))
        .Select(vm => vm.Vm.Application.Incarnation).DefaultIfEmpty().Max();

    private static IEnumerable<Finding> OfVm(FederationLook look, VmLook vm, VmSighting? seen, ApplicationLook application)
    {
        var (app, id) = (vm.Vm.Application, vm.Vm.Vm);
        var places = look.Sites.Where(site => site.Places is not null).SelectMany(site => site.Places!.Value.Where(place => place.Vm == vm.Vm)
            .Select(place => (site, place))).ToList();
        foreach (var (site, place) in places.Where(held => held.place.HasExpired))
        {
            yield return new(FindingKind.PlaceExpired, app, id, new(site.Site, place.Offer), Reservation: place.Reservation);
        }

        var copies = seen?.Instances ?? [];
        var running = copies.Where(copy => copy.State == VmInstanceState.Running).ToList();
        if (running.Count > 1)
        {
            yield return new(FindingKind.RunsTwice, app, id, running[0].At, Said: running[1].At);
            yield break;
        }

        foreach (var copy in copies.Where(copy => copy.State != VmInstanceState.Running))
        {
            yield return new(FindingKind.CopyLeft, app, id, copy.At);
        }

        if (running.Count == 0 && !copies.IsEmpty)
        {
            yield break;
        }

        var at = seen?.RunsAt;
        foreach (var finding in OfPlaces(look, vm, at, places, application))
        {
            yield return finding;
        }

        if (!application.Describes(vm.Vm))
        {
            if (at is { } stray)
            {
                yield return new(FindingKind.RunsForNobody, app, id, stray);
            }

            yield break;
        }

        // That it is nowhere, only all hypervisors together can say.
        var epoch = Math.Max(seen?.Epoch ?? 0, vm.SeenEpoch);
        if (at != vm.At && (at is not null || look.Sites.All(site => site.Runs is not null)))
        {
            yield return new(FindingKind.LocationDiffers, app, id, at, Said: vm.At, Epoch: Math.Max(epoch, vm.Epoch));
        }
        else if (epoch > vm.Epoch)
        {
            yield return new(FindingKind.EpochBehind, app, id, at, Epoch: epoch);
        }
    }

    private static IEnumerable<Finding> OfPlaces(
        FederationLook look, VmLook vm, Location? at, List<(SiteLook Site, PlaceLook Place)> places, ApplicationLook application)
    {
        var kind = application.Describes(vm.Vm) ? FindingKind.PlaceWithoutVm : FindingKind.PlaceOfNobody;
        foreach (var (site, place) in places)
        {
            if (at?.Site == site.Site && place is { IsHere: true, Outside: { } outside })
            {
                yield return new(FindingKind.OutsideLimit, vm.Vm.Application, vm.Vm.Vm, at, By: outside);
            }

            // One that is only reserved runs out by itself.
            if (at?.Site != site.Site && site.Runs is not null && !place.HasExpired)
            {
                yield return new(kind, vm.Vm.Application, vm.Vm.Vm, new(site.Site, place.Offer), Reservation: place.Reservation);
            }
        }

        if (at is { } here && look.Sites.Any(site => site.Site == here.Site && site.Places is not null)
            && !places.Any(held => held.Site.Site == here.Site && held.Place.IsHere && held.Place.Offer == here.Offer))
        {
            yield return new(FindingKind.VmWithoutPlace, vm.Vm.Application, vm.Vm.Vm, here);
        }
    }

    // Each VM with all its copies, from whatever sites answer.
    private static Dictionary<VmRef, VmSighting> Seen(FederationLook look) => look.Sites.SelectMany(site => site.Runs ?? [])
        .GroupBy(vm => vm.Vm)
        .ToDictionary(vm => vm.Key, vm => new VmSighting(vm.Key, vm.Max(sighting => sighting.Epoch), [.. vm.SelectMany(sighting => sighting.Instances)]));
}
