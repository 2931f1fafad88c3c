using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Grains.Solving;

/// <summary>Which solve gets a worker next on one silo, and which has to make way. Knows no thread and no clock; for one caller at a time.</summary>
/// <remarks>
/// <para>Tenants take turns: whoever was served least recently comes next, and within a tenant whoever came first.</para>
/// <para>
/// What people asked for comes before what the service looks at by itself, but of <see cref="AskedInARow"/> + 1 solves that begin while such a
/// look waits and may begin one is a look: a look waits for at most so many solves for each look before it.
/// </para>
/// <para>
/// A tenant of whom nothing is being solved waits no longer than a slice for others: the solve that has had its worker longest gives it up and
/// goes on behind. Its tenant gets its next worker when it has ended, so that a tenant has no more of them than there are workers.
/// </para>
/// </remarks>
internal sealed class SolverSchedule(int workers, SolvingOptions options)
{
    /// <summary>So many that people asked for begin one after another while a look waits; then a look does.</summary>
    public const int AskedInARow = 4;

    private readonly TenantLines asked = new();
    private readonly TenantLines automatic = new();
    private readonly List<SolveTicket> atWork = [];
    private readonly List<SolveTicket> behind = [];
    private long numbers;
    private int inARow;
    private TimeSpan usual = TimeSpan.FromSeconds(1);

    /// <summary>How many have a worker.</summary>
    public int AtWork => atWork.Count;

    /// <summary>How many go on behind the workers.</summary>
    public int Behind => behind.Count;

    /// <summary>How many of a kind wait.</summary>
    public int Waiting(SolveKind kind) => Lines(kind).Count;

    /// <summary>Why one more may not wait; null: it may. Holds until anything else changes.</summary>
    public Refusal? Against(TenantId tenant, SolveKind kind) => kind switch
    {
        SolveKind.Automatic when automatic.Count >= options.WaitingAutomatic => Refusal.LooksWaiting(options.WaitingAutomatic, NextPlace),
        SolveKind.Asked when asked.Of(tenant) >= options.WaitingPerTenant =>
            Refusal.PlansOfTenantWaiting(tenant, options.WaitingPerTenant, NextPlace),
        SolveKind.Asked when asked.Count >= options.Waiting => Refusal.PlansWaiting(options.Waiting, NextPlace),
        _ => null,
    };

    /// <summary>Lets one more wait, whatever <see cref="Against"/> says: what was taken once is not refused when it comes again.</summary>
    public SolveTicket Add(TenantId tenant, SolveKind kind)
    {
        var ticket = new SolveTicket(tenant, kind, ++numbers);
        Lines(kind).Add(ticket);
        return ticket;
    }

    /// <summary>How many wait before one that waits, as things are.</summary>
    public int Before(SolveTicket ticket) => ticket.Place is null ? 0 : Lines(ticket.Kind).Before(ticket);

    /// <summary>The next that begins; null: none does now. To be asked until it says null, whenever anything has changed, and at <see cref="LookAgain"/>.</summary>
    /// <param name="now">The present.</param>
    /// <param name="madeWay">The solve that has lost its worker to it, and goes on behind; null: there was a worker free.</param>
    public SolveTicket? Begin(DateTimeOffset now, out SolveTicket? madeWay)
    {
        madeWay = null;
        if (atWork.Count < workers)
        {
            return Next(_ => true) is { } next ? Begin(next, now) : null;
        }

        if (MakesWay(now) is not { } slow || Next(HasNothing) is not { } first)
        {
            return null;
        }

        madeWay = slow;
        atWork.Remove(slow);
        behind.Add(slow);
        return Begin(first, now);
    }

    /// <summary>When something may begin though nothing ends and nothing comes; null: never.</summary>
    public DateTimeOffset? LookAgain() => atWork.Count >= workers && behind.Count < options.Behind && Next(HasNothing) is not null
        ? atWork.Min(ticket => ticket.Since) + options.Slice
        : null;

    /// <summary>Takes out one that waits; false: it does not.</summary>
    public bool Cancel(SolveTicket ticket)
    {
        var waited = Lines(ticket.Kind).Remove(ticket);
        ForgetTurns();
        return waited;
    }

    /// <summary>One that has begun has come to its end, whichever; false: it had not begun, or had ended before.</summary>
    public bool End(SolveTicket ticket, DateTimeOffset now)
    {
        if (!atWork.Remove(ticket) && !behind.Remove(ticket))
        {
            return false;
        }

        // A mean of about the last five.
        usual += (now - ticket.Since!.Value - usual) / 5;
        ForgetTurns();
        return true;
    }

    // About when the next of those that wait begins, and so leaves a place: each tenant has its turn.
    private TimeSpan NextPlace => TimeSpan.FromSeconds(Math.Clamp(usual.TotalSeconds * Math.Max(1, asked.Tenants) / workers, 1, 60));

    private TenantLines Lines(SolveKind kind) => kind == SolveKind.Asked ? asked : automatic;

    private bool HasNothing(TenantId tenant) => !atWork.Exists(ticket => ticket.Tenant == tenant);

    private SolveTicket? Next(Func<TenantId, bool> may)
    {
        bool MayNow(TenantId tenant) => may(tenant) && !behind.Exists(ticket => ticket.Tenant == tenant);
        return inARow >= AskedInARow ? automatic.Next(MayNow) ?? asked.Next(MayNow) : asked.Next(MayNow) ?? automatic.Next(MayNow);
    }

    private SolveTicket? MakesWay(DateTimeOffset now) => behind.Count >= options.Behind ? null
        : atWork.Where(ticket => now - ticket.Since >= options.Slice).MinBy(ticket => (ticket.Since, ticket.Number));

    private SolveTicket Begin(SolveTicket ticket, DateTimeOffset now)
    {
        Lines(ticket.Kind).Serve(ticket);
        inARow = ticket.Kind == SolveKind.Automatic || automatic.Count == 0 ? 0 : inARow + 1;
        ticket.Since = now;
        atWork.Add(ticket);
        return ticket;
    }

    private void ForgetTurns()
    {
        if (asked.Count + automatic.Count + atWork.Count + behind.Count == 0)
        {
            asked.Forget();
            automatic.Forget();
        }
    }
}
