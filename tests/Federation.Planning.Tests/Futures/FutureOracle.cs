using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Planning.Tests.Reference;

namespace Federation.Planning.Tests.Futures;

/// <summary>Goes through all sequences of placements at all instants: now, at each event, and so early before it that the moves have just ended.</summary>
/// <remarks>For worlds in which all moves of an instant may begin at once. Shares no code with the planner. What cannot be better any more is left.</remarks>
internal sealed class FutureOracle
{
    private const double Rounding = 1 + 1e-9;

    private readonly PlacementView view;
    private readonly VmSpec[] vms;
    private readonly List<(Location[] At, double Run, double Traffic, double Preference)> places = [];
    private readonly Dictionary<(int, Location, Location), (double Bytes, double Seconds, double Downtime)?> migrations = [];
    private readonly Dictionary<(double, int, Location, Location), bool> could = [];
    private readonly List<(double Ends, double? At)> slots = [];
    private readonly List<(double From, double PerSecond)> cheapest = [];
    private readonly double quickest;
    private readonly double leastTraffic;
    private double best = double.PositiveInfinity;
    private bool wantsAny;

    public FutureOracle(PlacementView view)
    {
        (this.view, vms) = (view, [.. view.Application.Vms]);
        foreach (var at in Places(vms.Length))
        {
            var placement = new ReferencePlacement(view, at);
            if (placement.HasLinks() && ReferenceRules.HoldsAffinity(view.Application, at))
            {
                places.Add((at, placement.Run(), placement.TrafficMoney(), placement.PreferenceMoney()));
            }
        }

        var events = new SortedDictionary<double, double>();
        foreach (var (at, early) in view.Sites.SelectMany(EventsAt).Where(known => known.At > view.Now).Select(known => ((known.At - view.Now).TotalSeconds, known.Early)))
        {
            events[at] = Math.Max(events.GetValueOrDefault(at), early);
        }

        slots = [.. events.SelectMany(known => new (double, double?)[] { (known.Key - known.Value, null), (known.Key, known.Key) }).OrderBy(slot => slot.Item1)];
        // Of the sites that are there then.
        foreach (var from in view.Sites.SelectMany(ChangesAt).Append(view.Now).Where(at => at >= view.Now).Distinct().Order())
        {
            var there = view.Sites.Where(site => ReferenceRules.SecondsLeft(site, from) > 0).Select(site => site.Offers.Min(offer => (double)(offer.Price.At(from) ?? 0))).DefaultIfEmpty(0).Min();
            cheapest.Add(((from - view.Now).TotalSeconds, vms.Length * there / 3600));
        }

        (quickest, leastTraffic) = (places.Min(place => place.Run), places.Min(place => place.Traffic));
    }

    private bool WantsTime => view.Application.Objective == Objective.Time;

    private double Budget => (double)(view.Application.Budget ?? decimal.MaxValue);

    /// <summary>The objective of the best sequence that is better than what somebody claims to be the best; null: none is, or, with nothing claimed, none holds every constraint.</summary>
    public double? Best(double? claimed) => Search(claimed * (1 - 1e-7) ?? double.PositiveInfinity, any: false);

    /// <summary>Whether a sequence holds every constraint.</summary>
    public bool HasAny() => Search(double.PositiveInfinity, any: true) is not null;

    private double? Search(double below, bool any)
    {
        (best, wantsAny) = (below, any);
        var start = best;
        Location[] here = [.. vms.Select(vm => vm.At!.Value)];
        var origin = new State(here, 0, 0, 0, 1, 0, new double[vms.Length], new bool[vms.Length], 0, 0, 0, 0);
        // As if they had been here for no time: what is done now is done at 0.
        foreach (var place in places)
        {
            if (Moved(origin, 0, place) is { } first)
            {
                Go(first, 0);
            }
        }

        return best < start ? best : null;
    }

    private void Go(State state, int slot)
    {
        var spent = state.Closed + Enumerable.Range(0, vms.Length).Sum(vm => Price(state.Where[vm], state.Since[vm], state.At - state.Since[vm]));
        var left = state.Share * quickest;
        var (earliest, least) = (state.At + state.Delay + left, spent + Cheapest(state.At, state.At + left) + (state.Share * leastTraffic));
        if ((WantsTime ? earliest : least + state.Counted) >= best * (1 - 1e-12) || earliest > ReferenceRules.Longest(view) * Rounding || least > Budget * Rounding)
        {
            return;
        }

        End(state);
        for (var next = slot; next < slots.Count; next++)
        {
            foreach (var place in places)
            {
                var length = Length(state.Where, place.At);
                var at = slots[next].At ?? slots[next].Ends - length;
                if (length > 0 && at > state.At && at >= state.Ready && at < EndOf(state) && Moved(state, at, place) is { } then)
                {
                    Go(then, next + 1);
                }
            }
        }
    }

    private void End(State state)
    {
        var end = EndOf(state);
        var cost = state.Closed + (state.Share * state.Traffic) + Enumerable.Range(0, vms.Length).Sum(vm => Hosting(state, vm, end));
        if (end <= ReferenceRules.Longest(view) * Rounding && cost <= Budget * Rounding
            && state.Where.All(at => IsThere(at, state.At, end - 1e-6)) && ReferenceRules.HoldsRate(view, state.Where, state.At, end * (1 - 1e-9)))
        {
            best = wantsAny ? 0 : Math.Min(best, WantsTime ? end : cost + state.Counted + (state.Share * state.Preference));
        }
    }

    private State? Moved(State state, double at, (Location[] At, double Run, double Traffic, double Preference) place)
    {
        var (to, run, traffic, preference) = place;
        var movers = Enumerable.Range(0, vms.Length).Where(vm => state.Where[vm] != to[vm]).ToList();
        var isFirst = state.Run == 0;
        // Who stays has to be let stay, and until the moves away have ended a site has to be there.
        if (Enumerable.Range(0, vms.Length).Any(vm => !CouldBe(at, vm, state.Where[vm], to[vm]))
            || (!isFirst && !(state.Where.All(where => IsThere(where, state.At, at)) && ReferenceRules.HoldsRate(view, state.Where, state.At, at)))
            || movers.Exists(vm => !isFirst && !IsThere(state.Where[vm], state.At, at + Migration(vm, state.Where[vm], to[vm])!.Value.Seconds)))
        {
            return null;
        }

        var done = isFirst ? 0 : Math.Clamp((at - state.At - state.Delay) / state.Run, 0, state.Share);
        var (since, came, closed) = ((double[])state.Since.Clone(), (bool[])state.Came.Clone(), state.Closed + (done * state.Traffic));
        double delay = 0;
        foreach (var vm in movers)
        {
            if (Migration(vm, state.Where[vm], to[vm]) is not { } migration)
            {
                return null;
            }

            delay += migration.Downtime;
            closed += (migration.Bytes / 1e9 * (double)ReferencePlacement.LinkOf(Site(state.Where[vm]), Site(to[vm]))!.Value.EgressPerGB) + Price(state.Where[vm], at, migration.Seconds);
            closed += isFirst ? 0 : Hosting(state, vm, at);
            (since[vm], came[vm]) = (at, state.Where[vm].Site != to[vm].Site);
        }

        return new(to, at, at + Length(state.Where, to), delay, state.Share - done, closed, since, came, run, traffic, preference, state.Counted + (done * state.Preference));
    }

    private double Length(Location[] from, Location[] to) =>
        Enumerable.Range(0, vms.Length).Where(vm => from[vm] != to[vm]).Select(vm => Migration(vm, from[vm], to[vm])?.Seconds ?? double.PositiveInfinity).DefaultIfEmpty(0).Max();

    private (double Bytes, double Seconds, double Downtime)? Migration(int vm, Location from, Location to)
    {
        if (!migrations.TryGetValue((vm, from, to), out var migration))
        {
            migration = ReferencePlacement.Migration(view.Application, vms[vm], Site(from), Site(to));
            migrations.Add((vm, from, to), migration);
        }

        return migration;
    }

    private bool CouldBe(double at, int vm, Location from, Location to)
    {
        if (!could.TryGetValue((at, vm, from, to), out var can))
        {
            can = ReferenceRules.CouldBe(view with { Now = view.Now.AddSeconds(at) }, vms[vm] with { At = from }, to);
            could.Add((at, vm, from, to), can);
        }

        return can;
    }

    private double Hosting(State state, int vm, double until) =>
        Price(state.Where[vm], state.Since[vm], ReferencePlacement.Billed(Site(state.Where[vm]), until - state.Since[vm], state.Came[vm]));

    private double Price(Location at, double from, double seconds) => ReferencePlacement.Price(Site(at).Offers.Single(offer => offer.Name == at.Offer), view.Now.AddSeconds(from), seconds);

    private bool IsThere(Location at, double from, double until) => from + ReferenceRules.SecondsLeft(Site(at), view.Now.AddSeconds(from)) >= until - 1e-6;

    // All VMs together, at the cheapest site of each moment.
    private double Cheapest(double from, double until)
    {
        double sum = 0;
        for (var i = 0; i < cheapest.Count; i++)
        {
            var end = i + 1 < cheapest.Count ? Math.Min(until, cheapest[i + 1].From) : until;
            sum += Math.Max(0, end - Math.Max(from, cheapest[i].From)) * cheapest[i].PerSecond;
        }

        return sum;
    }

    private static IEnumerable<DateTimeOffset> ChangesAt(Site site) =>
        site.Offers.SelectMany(offer => offer.Price.Entries).Select(entry => entry.From).Concat(site.Availability.SelectMany(open => new[] { open.From, open.Until }));

    private static double EndOf(State state) => state.At + state.Delay + (state.Share * state.Run);

    private Site Site(Location at) => view.Sites.Single(site => site.Id == at.Site);

    private IEnumerable<(DateTimeOffset At, double Early)> EventsAt(Site site)
    {
        foreach (var entry in site.Offers.SelectMany(offer => offer.Price.Entries.Skip(1)))
        {
            yield return (entry.From, 0);
        }

        foreach (var window in view.Application.Quiet)
        {
            yield return (new(view.Now.UtcDateTime.Date + window.Until.ToTimeSpan(), TimeSpan.Zero), 0);
        }

        foreach (var open in site.Availability)
        {
            yield return (open.From, 0);
            yield return (open.Until, view.LeaveEarlySeconds);
        }

        // Windows of these worlds turn on the minute.
        var quarters = Enumerable.Range(1, (int)view.Application.Remaining.TotalMinutes * 2).Select(minute => view.Now.AddMinutes(minute)).ToList();
        foreach (var windows in new[] { site.Policy.Arrivals, site.Policy.Departures }.Where(windows => !windows.IsEmpty))
        {
            foreach (var at in quarters.Where(at => windows.Any(window => window.Holds(at)) != windows.Any(window => window.Holds(at.AddSeconds(-1)))))
            {
                yield return (at, 0);
            }
        }
    }

    private IEnumerable<Location[]> Places(int count) => count == 0 ? [[]]
        : Places(count - 1).SelectMany(rest => view.Sites.SelectMany(site => site.Offers, (site, offer) => (Location[])[.. rest, new Location(site.Id, offer.Name)]));

    private sealed record State(
        Location[] Where, double At, double Ready, double Delay, double Share, double Closed, double[] Since, bool[] Came, double Run, double Traffic, double Preference, double Counted);
}
