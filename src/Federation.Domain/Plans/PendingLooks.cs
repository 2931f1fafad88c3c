using Federation.Domain.Identity;

namespace Federation.Domain.Plans;

/// <summary>The applications whose placement is to be looked at because a site has changed: each once, whatever it can gain most first. Mutable.</summary>
/// <remarks>Each operation takes O(log n).</remarks>
public sealed class PendingLooks
{
    private readonly Dictionary<AppId, (double Worth, long Number)> wanted = [];
    private readonly SortedSet<(double Worth, long Number, AppId Application)> order = new(Comparer<(double Worth, long Number, AppId Application)>.Create(
        (a, b) => a.Worth != b.Worth ? b.Worth.CompareTo(a.Worth) : a.Number.CompareTo(b.Number)));

    private long numbers;

    /// <summary>How many wait.</summary>
    public int Count => wanted.Count;

    /// <summary>Wants a look. An application that waits already keeps its place, or gets a better one.</summary>
    public void Add(WantedLook look)
    {
        if (wanted.TryGetValue(look.Application, out var known))
        {
            if (look.Worth <= known.Worth)
            {
                return;
            }

            order.Remove((known.Worth, known.Number, look.Application));
        }

        var number = ++numbers;
        wanted[look.Application] = (look.Worth, number);
        order.Add((look.Worth, number, look.Application));
    }

    /// <summary>Takes the one out that comes next; null: none waits.</summary>
    public AppId? Next()
    {
        if (order.Count == 0)
        {
            return null;
        }

        var next = order.Min;
        order.Remove(next);
        wanted.Remove(next.Application);
        return next.Application;
    }
}
