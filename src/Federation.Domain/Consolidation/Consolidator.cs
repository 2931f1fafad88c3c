using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Consolidation;

/// <summary>Advises a site's administrators: packs the VMs of its hosts onto fewer of them, within what their owners allow.</summary>
public sealed class Consolidator
{
    private const int MostNamed = 6;

    private readonly SiteId site;
    private readonly SiteHosts hosts;
    private readonly List<Allocation> places;
    private readonly Dictionary<VmRef, VmMove> known;
    private readonly Dictionary<VmRef, Refusal?> stays;
    private readonly PackingProblem problem;
    private readonly Dictionary<VmRef, int> vms;
    private readonly Dictionary<string, int> numbers;

    /// <summary>Takes a site as it is.</summary>
    /// <param name="site">The site.</param>
    /// <param name="hosts">Its hosts.</param>
    /// <param name="ledger">Who is where; what has run out must not be in it.</param>
    /// <param name="applications">What of the applications there may move; VMs that are in none of it stay.</param>
    public Consolidator(SiteId site, SiteHosts hosts, SiteLedger ledger, IEnumerable<MovableVms> applications)
    {
        (this.site, this.hosts) = (site, hosts);
        var all = applications.ToList();
        known = all.SelectMany(own => own.Vms.Select(vm => (Vm: new VmRef(own.Application, vm.Vm), Move: vm))).ToDictionary(vm => vm.Vm, vm => vm.Move);
        places = [.. ledger.Allocations.Values.Where(place => place.Hosts.Any())];
        stays = places.ToDictionary(place => place.Vm, place => AgainstMoving(site, place, known));
        (problem, vms) = ProblemOf(hosts, ledger.OnHosts(), places, all, known, stays);
        numbers = problem.Hosts.Index().ToDictionary(host => host.Item.Name, host => host.Index, StringComparer.Ordinal);
    }

    /// <summary>Which hosts can be emptied by moves from host to host of the site.</summary>
    public SiteAdvice Advise()
    {
        var packing = HostPacking.Solve(problem);
        var trial = new PackingTrial(problem) { Work = long.MaxValue };
        foreach (var host in packing.Emptied)
        {
            trial.Mark(host, isGone: true);
        }

        foreach (var (vm, host) in packing.Moves)
        {
            trial.Move(vm, host);
        }

        return new(
            site, problem.Hosts.Count(host => host.IsInUse), problem.Bound(), packing.IsProven, [.. packing.Emptied.Select(host => problem.Hosts[host].Name)],
            [.. packing.Moves.Select(move => MoveOf(move.Vm, move.Host)).OrderBy(move => move.Vm)], [.. Held(trial)]);
    }

    /// <summary>
    /// What would have to leave the site for one more host to be empty: of its VMs those that no other host in use takes. What an advice moves away makes
    /// no room, for others decide about it. Null: the host is not among those that are held by nothing but room.
    /// </summary>
    /// <param name="advice">The advice, and what it has other VMs do.</param>
    /// <param name="host">The host.</param>
    public HostRest? Beyond(SiteAdvice advice, string host)
    {
        if (!numbers.TryGetValue(host, out var number) || !problem.Hosts[number].MayBeEmptied || advice.Emptied.Contains(host) || advice.Moves.Any(move => move.To == host))
        {
            return null;
        }

        var trial = new PackingTrial(problem) { Work = long.MaxValue };
        var left = problem.MovesLeft.ToArray();
        foreach (var gone in problem.Hosts.Select((known, index) => (known.Name, index)).Where(known => advice.Emptied.Contains(known.Name) || known.index == number))
        {
            trial.Mark(gone.index, isGone: true);
        }

        foreach (var move in advice.Moves.Where(move => vms.ContainsKey(move.Vm)))
        {
            left[problem.Vms[vms[move.Vm]].Owner]--;
            if (move.To is { } to)
            {
                trial.Move(vms[move.Vm], numbers[to]);
            }
        }

        var (within, leaving) = (ImmutableArray.CreateBuilder<AdvisedMove>(), ImmutableArray.CreateBuilder<VmRef>());
        foreach (var vm in trial.On(number).Where(vm => advice.Moves.All(move => move.Vm != problem.Vms[vm].Vm)).OrderByDescending(trial.Weight).ThenBy(vm => vm))
        {
            if (left[problem.Vms[vm].Owner]-- <= 0)
            {
                return null;
            }

            if (trial.BestFor(vm) is { } to)
            {
                within.Add(MoveOf(vm, to));
                trial.Move(vm, to);
            }
            else
            {
                leaving.Add(problem.Vms[vm].Vm);
            }
        }

        return new(within.ToImmutable(), leaving.ToImmutable());
    }

    private AdvisedMove MoveOf(int vm, int to) =>
        new(problem.Vms[vm].Vm, problem.Hosts[problem.Vms[vm].Host].Name, problem.Hosts[to].Name, At: null, known[problem.Vms[vm].Vm].Estimate!.Value);

    private static Refusal? AgainstMoving(SiteId site, Allocation place, Dictionary<VmRef, VmMove> known)
    {
        if (place is not { State: AllocationState.Occupied, Next: null })
        {
            return place.LeavesBy is { } by ? Refusal.VmLeaves(site, place.Vm, by) : Refusal.PlaceHeld(site, place.Vm, $"{(place.Next?.Reservation ?? place.Reservation)}");
        }

        return known.TryGetValue(place.Vm, out var move) ? move.Stays : Refusal.VmNotHere(site, place.Vm);
    }

    private static (PackingProblem Problem, Dictionary<VmRef, int> Vms) ProblemOf(
        SiteHosts hosts, ImmutableDictionary<string, HostUse> used, List<Allocation> places, List<MovableVms> applications, Dictionary<VmRef, VmMove> known, Dictionary<VmRef, Refusal?> stays)
    {
        var numbers = hosts.All.Select((host, number) => (host.Name, number)).ToDictionary(host => host.Name, host => host.number, StringComparer.Ordinal);
        var bound = places.Where(place => stays[place.Vm] is not null).SelectMany(place => place.Hosts).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<PackedHost> all =
        [
            .. hosts.All.Select(host => new PackedHost(
                host.Name, host.Size, used.GetValueOrDefault(host.Name), host.State == HostState.Ready,
                MayBeEmptied: used.ContainsKey(host.Name) && !bound.Contains(host.Name) && host.State is (HostState.Ready or HostState.Cordoned),
                IsInUse: used.ContainsKey(host.Name))),
        ];
        var owners = applications.Select((own, number) => (own.Application, number)).ToDictionary(own => own.Application, own => own.number);
        var fits = new Dictionary<(string, Guests.GuestHardware?), ImmutableArray<bool>>();
        ImmutableArray<PackedVm> vms =
        [
            .. places.Where(place => stays[place.Vm] is null && numbers.ContainsKey(place.Host!)).Select(place => new PackedVm(
                place.Vm, numbers[place.Host!], place.Takes, known[place.Vm].Estimate!.Value.Bytes, owners[place.Vm.Application],
                FitsOf(hosts.All[numbers[place.Host!]], known[place.Vm].Needs.Hardware))),
        ];
        var index = vms.Select((vm, number) => (vm.Vm, number)).ToDictionary(vm => vm.Vm, vm => vm.number);
        return (new(all, vms, [.. applications.SelectMany(own => own.Apart.Select(set => ApartOf(own.Application, set)))], [.. applications.Select(own => own.Left ?? int.MaxValue)]), index);

        // As the site would have it: of the same driver, and with what the VM asks for.
        ImmutableArray<bool> FitsOf(SiteHost from, Guests.GuestHardware? wanted)
        {
            var key = (from.Facts.Hypervisor.Driver, wanted);
            return fits.TryGetValue(key, out var found) ? found : fits[key] =
                [.. hosts.All.Select(host => host.Facts.Hypervisor.Driver == from.Facts.Hypervisor.Driver && HostShape.Missing(host.Facts.Hypervisor, wanted) is null)];
        }

        ApartSet ApartOf(AppId owner, ImmutableArray<VmId> set) => new(
            [.. set.Where(vm => index.ContainsKey(new(owner, vm))).Select(vm => index[new(owner, vm)])],
            [.. places.Where(place => place.Vm.Application == owner && set.Contains(place.Vm.Vm)).SelectMany(place => place.Hosts).Where(numbers.ContainsKey).Select(host => numbers[host])]);
    }

    private IEnumerable<HeldHost> Held(PackingTrial trial)
    {
        foreach (var (host, number) in problem.Hosts.Select((host, number) => (host, number)).Where(host => host.host.IsInUse && !trial.IsGone(host.number)))
        {
            var here = places.Where(place => place.Hosts.Contains(host.Name)).ToList();
            ImmutableArray<HeldVm> why = [.. here.Where(place => stays[place.Vm] is not null).Select(place => new HeldVm(place.Vm, stays[place.Vm]!))];
            var state = hosts.All[number].State;
            if (state is not (HostState.Ready or HostState.Cordoned))
            {
                yield return new(host.Name, state, []);
                continue;
            }

            if (why.IsEmpty && here.Where(place => trial.BestFor(vms[place.Vm]) is null).OrderByDescending(place => trial.Weight(vms[place.Vm])).FirstOrDefault() is { } stuck)
            {
                why = [new(stuck.Vm, Refusal.CapacityHosts(site, stuck.Vm, Obstacles(trial, vms[stuck.Vm], number)))];
            }

            yield return new(host.Name, state, why);
        }
    }

    // In words that follow each host's name; many hosts are not all named.
    private List<string> Obstacles(PackingTrial trial, int vm, int from)
    {
        var all = Enumerable.Range(0, problem.Hosts.Length).Where(host => host != from).Select(host => $"{problem.Hosts[host].Name} {Obstacle(host)}").ToList();
        return all.Count <= MostNamed ? all : [.. all.Take(MostNamed), $"{all.Count - MostNamed} more"];

        string Obstacle(int host) => trial.IsGone(host) ? "is to be empty"
            : hosts.All[host].State != HostState.Ready ? $"is {hosts.All[host].State.ToString().ToLowerInvariant()}"
            : !problem.Hosts[host].IsInUse ? "has no VM"
            : !problem.Vms[vm].Fits[host] ? "has other hardware"
            : trial.Lacks(vm, host) ?? "has what is to be kept apart from it, or its application moves no more VMs today";
    }
}
