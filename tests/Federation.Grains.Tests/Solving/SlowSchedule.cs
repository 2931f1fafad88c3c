using Federation.Domain.Identity;
using Federation.Grains.Solving;

namespace Federation.Grains.Tests.Solving;

/// <summary>What <see cref="SolverSchedule"/> has to say, worked out from all that ever happened. Shares no code with it.</summary>
internal sealed class SlowSchedule(int workers, SolvingOptions options)
{
    private readonly List<One> all = [];
    private readonly List<(One Who, bool LooksWait)> begun = [];

    public enum Stage
    {
        Waits,
        AtWork,
        Behind,
        Over,
    }

    public IReadOnlyList<One> All => all;

    public IEnumerable<One> In(Stage stage) => all.Where(one => one.Stage == stage);

    public bool MayAdd(TenantId tenant, SolveKind kind) => kind == SolveKind.Automatic
        ? In(Stage.Waits).Count(one => one.Kind == kind) < options.WaitingAutomatic
        : In(Stage.Waits).Count(one => one.Kind == kind) < options.Waiting
            && In(Stage.Waits).Count(one => one.Kind == kind && one.Tenant == tenant) < options.WaitingPerTenant;

    public void Add(TenantId tenant, SolveKind kind) => all.Add(new(all.Count + 1, tenant, kind));

    public (long Next, long? MadeWay)? Begin(DateTimeOffset now)
    {
        One? slow = null;
        if (In(Stage.AtWork).Count() >= workers)
        {
            slow = In(Stage.Behind).Count() < options.Behind
                ? In(Stage.AtWork).Where(one => one.Since + options.Slice <= now).OrderBy(one => one.Since).ThenBy(one => one.Number).FirstOrDefault()
                : null;
            if (slow is null)
            {
                return null;
            }
        }

        if (Next(onlyOfIdleTenants: slow is not null) is not { } next)
        {
            return null;
        }

        slow?.Stage = Stage.Behind;
        (next.Stage, next.Since) = (Stage.AtWork, now);
        begun.Add((next, In(Stage.Waits).Any(one => one.Kind == SolveKind.Automatic)));
        return (next.Number, slow?.Number);
    }

    public DateTimeOffset? LookAgain() =>
        In(Stage.AtWork).Count() >= workers && In(Stage.Behind).Count() < options.Behind && Next(onlyOfIdleTenants: true) is not null
            ? In(Stage.AtWork).Min(one => one.Since) + options.Slice
            : null;

    // Turn after turn, until it is this one's.
    public int Before(One which)
    {
        var served = all.Where(one => one.Kind == which.Kind).DistinctBy(one => one.Tenant).ToDictionary(one => one.Tenant, one => LastTurn(one.Tenant, one.Kind));
        var waiting = In(Stage.Waits).Where(one => one.Kind == which.Kind).ToList();
        for (var turn = 0; ; turn++)
        {
            var next = waiting.GroupBy(one => one.Tenant).OrderBy(line => served[line.Key]).ThenBy(line => line.First().Number).First().First();
            if (next == which)
            {
                return turn;
            }

            waiting.Remove(next);
            served[next.Tenant] = begun.Count + turn;
        }
    }

    public void End(One which)
    {
        which.Stage = Stage.Over;
        if (all.TrueForAll(one => one.Stage == Stage.Over))
        {
            begun.Clear();
        }
    }

    private One? Next(bool onlyOfIdleTenants)
    {
        var lookIsDue = begun.Count >= 4 && begun.TakeLast(4).All(turn => turn.Who.Kind == SolveKind.Asked && turn.LooksWait);
        return In(Stage.Waits)
            .Where(one => !In(Stage.Behind).Any(slow => slow.Tenant == one.Tenant))
            .Where(one => !onlyOfIdleTenants || !In(Stage.AtWork).Any(other => other.Tenant == one.Tenant))
            .GroupBy(one => (one.Kind, one.Tenant))
            .OrderBy(line => (line.Key.Kind == SolveKind.Automatic) != lookIsDue)
            .ThenBy(line => LastTurn(line.Key.Tenant, line.Key.Kind))
            .ThenBy(line => line.First().Number)
            .FirstOrDefault()?.First();
    }

    private int LastTurn(TenantId tenant, SolveKind kind) => begun.FindLastIndex(turn => turn.Who.Tenant == tenant && turn.Who.Kind == kind);

    public sealed class One(long number, TenantId tenant, SolveKind kind)
    {
        public long Number => number;

        public TenantId Tenant => tenant;

        public SolveKind Kind => kind;

        public Stage Stage { get; set; }

        public DateTimeOffset? Since { get; set; }
    }
}
