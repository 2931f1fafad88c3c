using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Reconciling;

namespace Federation.Domain.Tests.Reconciling;

/// <summary>A small federation: what the database has (ledgers, VM grains, applications, directory), and hypervisors, which no backup brings back.</summary>
internal sealed class ReconciledWorld
{
    private const int Names = 2;
    private const int VmsOfEach = 3;
    private static readonly SiteId[] Sites = [new("a"), new("b"), new("c")];

    private readonly Dictionary<VmRef, (long Epoch, Location? At)> hypervisor = [];
    private Database database = Database.Empty;
    private Database backup = Database.Empty;

    /// <summary>What a reconciler sees.</summary>
    /// <param name="silent">A site that does not answer; null: all do.</param>
    public FederationLook Look(int? silent = null)
    {
        var vms = hypervisor.Keys.Concat(database.Vms.Keys).Concat(database.Places.Keys.Select(key => key.Vm))
            .Concat(database.Applications.Values.Where(app => app.Vms is not null).SelectMany(app => app.Vms!.Select(vm => new VmRef(app.Present!.Value, vm))))
            .Distinct().ToList();
        var names = vms.Select(vm => vm.Application.Named).Concat(database.Applications.Keys).Concat(database.Directory.Select(app => app.Named)).Distinct();
        return new(
            [.. Sites.Select((site, number) => new SiteLook(
                site,
                silent == number ? null : [.. database.Places.Where(place => place.Key.Site == site).Select(place => place.Value)],
                silent == number ? null : [.. hypervisor.Where(vm => vm.Value.At?.Site == site)
                    .Select(vm => new VmSighting(vm.Key, vm.Value.Epoch, [new(vm.Value.At!.Value, VmInstanceState.Running)]))]))],
            [.. names.Select(named => Of(named) with
            {
                Listed = database.Directory.Where(app => app.Named == named).Cast<AppId?>().FirstOrDefault(),
                Seen = NewestOf(named),
            })],
            [.. vms.Select(vm => new VmLook(vm, At(vm), Epoch(vm), hypervisor.GetValueOrDefault(vm).Epoch))]);
    }

    /// <summary>Does what a repair asks for, as grains do it: nothing where things are so already.</summary>
    public void Do(Repair repair)
    {
        switch (repair)
        {
            case Repair.FreePlace free when database.Places.TryGetValue((free.Site, free.Vm), out var place) && place.Reservation == free.Reservation:
                database = database with { Places = database.Places.Remove((free.Site, free.Vm)) };
                break;
            case Repair.KeepPlace keep:
                Keep(keep.Vm, keep.At, isHere: true, "recovered");
                break;
            case Repair.Locate locate:
                database = database with { Vms = database.Vms.SetItem(locate.Vm, (Math.Max(Epoch(locate.Vm), locate.Epoch), locate.At)) };
                break;
            case Repair.EndClaim claim:
                database = database with { Applications = database.Applications.SetItem(claim.Plan.Application.Named, Of(claim.Plan.Application.Named) with { IsBusy = false, ClaimedBy = null }) };
                break;
            case Repair.List list:
                database = database with { Directory = [.. database.Directory.Where(app => app.Named != list.Application.Named), list.Application] };
                break;
            case Repair.Unlist unlist:
                database = database with { Directory = database.Directory.Remove(unlist.Application) };
                break;
            case Repair.SkipIncarnation skip:
                database = database with { Applications = database.Applications.SetItem(skip.Application.Named, Of(skip.Application.Named) with { Skipped = skip.Application.Incarnation }) };
                break;
        }
    }

    /// <summary>One random thing that somebody does; it may break off after any of its writes.</summary>
    public void Act(int what, int figure)
    {
        var named = new AppId(new("astro"), $"app{figure % Names}");
        var vm = new VmId($"vm{figure / Names % VmsOfEach}");
        var to = new Location(Sites[figure / (Names * VmsOfEach) % Sites.Length], "std");
        var (stop, far) = (figure / (Names * VmsOfEach * Sites.Length) % 8, figure / (Names * VmsOfEach * Sites.Length * 8));
        var app = Of(named);
        var reference = new VmRef(named with { Incarnation = app.Incarnation }, vm);
        Action[] writes = what switch
        {
            0 => app.Vms is null ? [() => Describe(named, Next(app)), () => Do(new Repair.List(named with { Incarnation = Next(app) }))] : [],
            1 => app.Vms?.Contains(vm) == true && At(reference) is null ? Starting(reference, to) : [],
            2 => app.Vms?.Contains(vm) == true && At(reference) is { } from && from.Site != to.Site ? Moving(reference, from, to) : [],
            3 => app.Vms is not null ? [.. app.Vms.Select(one => new VmRef(app.Present!.Value, one)).SelectMany(Stopping), () => Put(app with { Vms = null }), () => Do(new Repair.Unlist(app.Present!.Value))] : [],
            4 => [() => backup = database],
            5 => [() => database = backup],
            6 => app.Vms is not null && !app.IsBusy ? [() => Claim(app, new(app.Present!.Value, figure + 1))] : [],
            _ => [() => Keep(reference with { Application = named with { Incarnation = Math.Max(1, app.Incarnation) } }, to, isHere: false, $"left{figure}", hasExpired: figure % 2 == 0)],
        };
        foreach (var write in app.IsBusy && what is 1 or 2 or 3 ? [] : writes.Take(stop == 7 ? far % Math.Max(1, writes.Length) : writes.Length))
        {
            write();
        }
    }

    /// <summary>What is not true of ledgers, VM grains and hypervisors; empty: they agree.</summary>
    public IEnumerable<string> Differences()
    {
        foreach (var (vm, (epoch, at)) in hypervisor)
        {
            var places = database.Places.Where(place => place.Key.Vm == vm).ToList();
            if (at is { } here ? places is not [{ Value.IsHere: true }] || places[0].Key.Site != here.Site : places.Count > 0)
            {
                yield return $"{vm.Key} runs at {at} and has {places.Count} places";
            }

            if (Of(vm.Application.Named).Describes(vm) && (At(vm) != at || Epoch(vm) < epoch))
            {
                yield return $"{vm.Key} is at {at} with epoch {epoch}, its grain says {At(vm)} with {Epoch(vm)}";
            }

            if (vm.Application.Incarnation >= Next(Of(vm.Application.Named)))
            {
                yield return $"a later {vm.Application.Named} may be taken for {vm.Key}";
            }
        }

        foreach (var ((_, vm), _) in database.Places.Where(place => !hypervisor.ContainsKey(place.Key.Vm)))
        {
            yield return $"{vm.Key} has a place and never ran";
        }

        var present = database.Applications.Values.Select(app => app.Present).OfType<AppId>().Order();
        if (!present.SequenceEqual(database.Directory.Order()) || database.Applications.Values.Any(app => app.IsBusy))
        {
            yield return "the directory lists others than there are, or one is claimed for good";
        }
    }

    private Action[] Starting(VmRef vm, Location to) =>
    [
        () => Keep(vm, to, isHere: false, $"start{Epoch(vm)}"), () => Give(vm), () => Run(vm, to), () => Do(new Repair.Locate(vm, to, Epoch(vm))), () => Keep(vm, to, isHere: true, "here"),
    ];

    private Action[] Moving(VmRef vm, Location from, Location to) =>
    [
        () => Keep(vm, to, isHere: false, $"step{Epoch(vm)}"), () => Give(vm), () => Run(vm, to), () => Do(new Repair.Locate(vm, to, Epoch(vm))), () => Keep(vm, to, isHere: true, "here"), () => Free(vm, from),
    ];

    private Action[] Stopping(VmRef vm) => [() => Give(vm), () => Run(vm, null), () => Do(new Repair.Locate(vm, null, Epoch(vm))), () => Array.ForEach(Sites, site => Free(vm, new(site, "std")))];

    // An order with an epoch older than the newest is refused, as hypervisors do.
    private void Run(VmRef vm, Location? at)
    {
        if (hypervisor.GetValueOrDefault(vm).Epoch <= Epoch(vm))
        {
            hypervisor[vm] = (Epoch(vm), at);
        }
    }

    private void Give(VmRef vm) => database = database with { Vms = database.Vms.SetItem(vm, (Epoch(vm) + 1, At(vm))) };

    private void Keep(VmRef vm, Location at, bool isHere, string reservation, bool hasExpired = false) =>
        database = database with { Places = database.Places.SetItem((at.Site, vm), new(vm, at.Offer, reservation, isHere, hasExpired)) };

    private void Free(VmRef vm, Location at) => database = database with { Places = database.Places.Remove((at.Site, vm)) };

    private static int Next(ApplicationLook app) => Math.Max(app.Incarnation, app.Skipped) + 1;

    private int NewestOf(AppId named) => hypervisor.Keys.Where(vm => vm.Application.Named == named).Select(vm => vm.Application.Incarnation).DefaultIfEmpty().Max();

    private void Describe(AppId named, int incarnation) => Put(Of(named) with { Incarnation = incarnation, Vms = [.. Enumerable.Range(0, VmsOfEach).Select(vm => new VmId($"vm{vm}"))] });

    private void Claim(ApplicationLook app, PlanId plan) => Put(app with { IsBusy = true, ClaimedBy = plan });

    private void Put(ApplicationLook app) => database = database with { Applications = database.Applications.SetItem(app.Named, app) };

    private ApplicationLook Of(AppId named) => database.Applications.GetValueOrDefault(named) ?? new(named, 0, null, false, null, null);

    private Location? At(VmRef vm) => database.Vms.GetValueOrDefault(vm).At;

    private long Epoch(VmRef vm) => database.Vms.GetValueOrDefault(vm).Epoch;

    private sealed record Database(
        ImmutableDictionary<(SiteId Site, VmRef Vm), PlaceLook> Places,
        ImmutableDictionary<VmRef, (long Epoch, Location? At)> Vms,
        ImmutableDictionary<AppId, ApplicationLook> Applications,
        ImmutableArray<AppId> Directory)
    {
        public static Database Empty { get; } = new(
            ImmutableDictionary<(SiteId, VmRef), PlaceLook>.Empty, ImmutableDictionary<VmRef, (long, Location?)>.Empty, ImmutableDictionary<AppId, ApplicationLook>.Empty, []);
    }
}
