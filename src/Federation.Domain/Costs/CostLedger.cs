using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;

namespace Federation.Domain.Costs;

/// <summary>What an application has cost: added up look by look, each with the prices and the traffic of its time. Holds collections: compared by reference.</summary>
/// <remarks>
/// Immutable; nothing that was added up is worked out anew. Billing steps and least times of sites are left out: what a site charges for a whole hour counts here as it passes. Bounded by
/// <see cref="CostSpans"/> and <see cref="MostMoves"/>.
/// </remarks>
public sealed record CostLedger
{
    /// <summary>The moves that are kept; older ones stay in the sums.</summary>
    public const int MostMoves = 500;

    /// <summary>What passes between two looks is added up if it is no longer than this; otherwise nobody knows what was meanwhile.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromDays(31);

    /// <summary>Up to when it is added up; null: no VM has run yet.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Where each VM was at that look.</summary>
    public ImmutableSortedDictionary<VmId, Location> Placement { get; init; } = ImmutableSortedDictionary<VmId, Location>.Empty;

    /// <summary>Where each VM was first seen.</summary>
    public ImmutableSortedDictionary<VmId, Location> First { get; init; } = ImmutableSortedDictionary<VmId, Location>.Empty;

    /// <summary>The costs, oldest first.</summary>
    public ImmutableArray<CostSlice> Slices { get; init; } = [];

    /// <summary>VMs that have moved, oldest first.</summary>
    public ImmutableArray<MoveMark> Moves { get; init; } = [];

    /// <summary>Adds up what has passed since the last look. The same instant again, or an earlier one, changes nothing.</summary>
    /// <param name="view">The world as it is.</param>
    /// <param name="since">Since when VMs are where they are; of one that is not named, since now.</param>
    public CostLedger Look(PlacementView view, IReadOnlyDictionary<VmId, DateTimeOffset> since)
    {
        var placement = view.Application.Vms.Where(vm => vm.At is not null).ToImmutableSortedDictionary(vm => vm.Id, vm => vm.At!.Value);
        var now = view.Now;
        if (LookedAt is null && placement.IsEmpty || now <= LookedAt)
        {
            return this;
        }

        var seen = this with
        {
            LookedAt = now,
            Placement = placement,
            First = placement.Aggregate(First, (first, vm) => first.ContainsKey(vm.Key) ? first : first.Add(vm.Key, vm.Value)),
        };
        return LookedAt is not { } last || now - last > LongestGap ? seen : seen with { Slices = CostSpans.Kept(Slices.AddRange(Passed(seen, view, since, last)), now) };
    }

    /// <summary>Adds moves that were done, each once.</summary>
    /// <param name="migrations">Those of a plan that has ended; of others than those done nothing is added.</param>
    /// <param name="view">The world as it is.</param>
    public CostLedger With(ImmutableArray<MigrationState> migrations, PlacementView view)
    {
        var done = migrations.Where(one => one is { Phase: MigrationPhase.Done, EndedAt: not null } && Moves.All(known => known.Migration != one.Order.Id)).ToList();
        var rates = done.Count > 0 ? new CostRates(view) : null;
        return done.OrderBy(one => one.EndedAt).Aggregate(this, (ledger, one) => ledger.With(one, rates!));
    }

    private CostLedger With(MigrationState done, CostRates rates)
    {
        var (order, ended) = (done.Order, done.EndedAt!.Value);
        var sent = done.Progress is { } told && told.MemorySentBytes + told.DiskSentBytes is > 0 and var bytes ? bytes : order.Bytes;
        var egress = rates.Egress(order.From.Site, order.To.Site, sent);
        var second = order.From == order.To ? 0 : rates.Hosting(order.To, done.StartedAt, Math.Max(0, (ended - done.StartedAt).TotalSeconds)) ?? 0;
        var costs = CostSlice.Plus(CostSlice.Plus(ImmutableSortedDictionary<SiteId, SiteCost>.Empty, order.From.Site, new(0, 0, egress)), order.To.Site, new(0, 0, second));
        return this with
        {
            Moves = [.. Moves.Add(new(order.Id, ended, order.Vm.Vm, order.From, order.To, sent, egress + second)).TakeLast(MostMoves)],
            Slices = Slices.Count(slice => slice.From <= ended) - 1 is >= 0 and var at
                ? Slices.SetItem(at, Slices[at].With(new(Slices[at].From, Slices[at].Until, costs, default, false)))
                : Slices.Insert(0, new(ended, ended, costs, default, false)),
        };
    }

    // From look to look in parts in which no VM changes its place and no hour ends.
    private IEnumerable<CostSlice> Passed(CostLedger seen, PlacementView view, IReadOnlyDictionary<VmId, DateTimeOffset> since, DateTimeOffset last)
    {
        var rates = new CostRates(view);
        var vms = view.Application.Vms;
        var switches = vms.Select(vm => Placement.TryGetValue(vm.Id, out var before) && vm.At == before || vm.At is null && !Placement.ContainsKey(vm.Id)
            ? DateTimeOffset.MinValue
            : Between(last, since.GetValueOrDefault(vm.Id, view.Now), view.Now)).ToList();
        var cuts = switches.Where(at => at > last && at < view.Now).Concat(Hours(last, view.Now)).Append(last).Append(view.Now).Distinct().Order().ToList();
        for (var part = 0; part + 1 < cuts.Count; part++)
        {
            var (from, until) = (cuts[part], cuts[part + 1]);
            var seconds = (until - from).TotalSeconds;
            var there = vms.Select((vm, i) => switches[i] <= from ? vm.At : Placement.TryGetValue(vm.Id, out var before) ? before : (Location?)null).ToList();
            var stayed = vms.Select((vm, i) => there[i] is null ? (Location?)null : seen.First[vm.Id]).ToList();
            var (cost, isPartial) = rates.Over(there, from, seconds);
            var (would, isUnknown) = rates.Over(stayed, from, seconds);
            yield return new(from, until, cost, would.Values.Aggregate(default(SiteCost), (sum, one) => sum + one), isPartial || isUnknown);
        }
    }

    private static IEnumerable<DateTimeOffset> Hours(DateTimeOffset from, DateTimeOffset until)
    {
        for (var hour = CostSpans.HourOf(from).AddHours(1); hour < until; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }

    private static DateTimeOffset Between(DateTimeOffset least, DateTimeOffset at, DateTimeOffset most) => at < least ? least : at > most ? most : at;
}
