using Federation.Domain.Identity;

namespace Federation.Grains.Solving;

/// <summary>What waits of one kind: a line for each tenant, and whose turn it is. Mutable.</summary>
internal sealed class TenantLines
{
    private readonly Dictionary<TenantId, Line> lines = [];
    private long turns;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many tenants have something waiting.</summary>
    public int Tenants => lines.Values.Count(line => line.Tickets.Count > 0);

    /// <summary>How many of a tenant wait.</summary>
    public int Of(TenantId tenant) => lines.TryGetValue(tenant, out var line) ? line.Tickets.Count : 0;

    /// <summary>Puts a ticket at the end of its tenant's line.</summary>
    public void Add(SolveTicket ticket)
    {
        if (!lines.TryGetValue(ticket.Tenant, out var line))
        {
            lines[ticket.Tenant] = line = new();
        }

        ticket.Place = line.Tickets.AddLast(ticket);
        Count++;
    }

    /// <summary>Takes a ticket out; false: it does not wait.</summary>
    public bool Remove(SolveTicket ticket)
    {
        if (ticket.Place is not { } place)
        {
            return false;
        }

        place.List!.Remove(place);
        ticket.Place = null;
        Count--;
        return true;
    }

    /// <summary>The first ticket of the tenant that has waited longest for a turn, among those that may have one; null: none may.</summary>
    public SolveTicket? Next(Func<TenantId, bool> may) => lines
        .Where(line => line.Value.Tickets.Count > 0 && may(line.Key))
        .Select(line => (line.Value.ServedAt, Ticket: line.Value.Tickets.First!.Value))
        .OrderBy(line => line.ServedAt).ThenBy(line => line.Ticket.Number)
        .FirstOrDefault().Ticket;

    /// <summary>Takes a ticket out because its turn has come: its tenant goes last.</summary>
    public void Serve(SolveTicket ticket)
    {
        Remove(ticket);
        lines[ticket.Tenant].ServedAt = ++turns;
    }

    /// <summary>How many would have their turn before a ticket if no other came and every tenant may have one.</summary>
    public int Before(SolveTicket ticket)
    {
        var own = lines[ticket.Tenant];
        var place = own.Tickets.TakeWhile(other => other != ticket).Count();
        return place + lines.Values.Where(line => line != own).Sum(line => Math.Min(line.Tickets.Count, place + (line.IsBefore(own) ? 1 : 0)));
    }

    /// <summary>Forgets who had a turn when. For when nothing waits, and nothing is being solved.</summary>
    public void Forget()
    {
        lines.Clear();
        turns = 0;
    }

    private sealed class Line
    {
        public LinkedList<SolveTicket> Tickets { get; } = [];

        public long ServedAt { get; set; }

        public bool IsBefore(Line other) => Tickets.First is { } first
            && (ServedAt, first.Value.Number).CompareTo((other.ServedAt, other.Tickets.First!.Value.Number)) < 0;
    }
}
