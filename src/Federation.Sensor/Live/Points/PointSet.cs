using System.Collections.Immutable;

namespace Federation.Sensor.Live.Points;

/// <summary>The points that a backend watches, and what it holds open for each.</summary>
/// <param name="open">Begins to watch a point; throws <see cref="IOException"/> where it cannot.</param>
/// <param name="close">Ends it, once everything that it saw is counted.</param>
internal sealed class PointSet<T>(Func<CapturePoint, EthernetInterface, T> open, Action<CapturePoint, EthernetInterface, T> close)
{
    private readonly Dictionary<string, Watched> watched = [];
    private readonly Dictionary<int, string> names = [];

    /// <summary>What is watched, and what is held open for it, in no order.</summary>
    public IEnumerable<(CapturePoint Point, EthernetInterface Interface, T Held)> All =>
        watched.Values.Select(entry => (entry.Point, entry.Interface, entry.Held));

    /// <summary>The name of every interface that was watched since <see cref="Forget"/>, by number.</summary>
    public IReadOnlyDictionary<int, string> Names => names;

    /// <summary>Watches exactly these from now on; see <see cref="ILiveCapture.Watch"/>.</summary>
    public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> points)
    {
        var wanted = points.ToHashSet();
        foreach (var entry in watched.Values.Where(entry => !wanted.Contains(entry.Point) || !entry.IsThere).ToArray())
        {
            Close(entry);
        }

        return [.. points.Distinct().Select(TryOpen).OfType<CapturePointFault>()];
    }

    /// <summary>Goes on with a point that an earlier process began to watch.</summary>
    public void Adopt(CapturePoint point, EthernetInterface found, T held)
    {
        watched.Add(point.Interface, new Watched(point, found, held));
        names[found.Index] = found.Name;
    }

    /// <summary>Closes the points whose interface has gone, and says which.</summary>
    public ImmutableArray<CapturePointFault> CloseLost()
    {
        var lost = watched.Values.Where(entry => !entry.IsThere).ToArray();
        foreach (var entry in lost)
        {
            Close(entry);
        }

        return [.. lost.Select(entry => new CapturePointFault(entry.Point, "the interface has gone"))];
    }

    /// <summary>Forgets the names of interfaces that are watched no more.</summary>
    public void Forget()
    {
        names.Clear();
        foreach (var entry in watched.Values)
        {
            names[entry.Interface.Index] = entry.Interface.Name;
        }
    }

    private CapturePointFault? TryOpen(CapturePoint point)
    {
        if (watched.TryGetValue(point.Interface, out var present))
        {
            return present.Point == point
                ? null
                : new CapturePointFault(point, $"it is watched as {present.Point.Side} already, and would be counted twice");
        }

        try
        {
            var found = EthernetInterface.Find(point.Interface);
            Adopt(point, found, open(point, found));
            return null;
        }
        catch (IOException fault)
        {
            return new CapturePointFault(point, fault.Message);
        }
    }

    private void Close(Watched entry)
    {
        watched.Remove(entry.Point.Interface);
        close(entry.Point, entry.Interface, entry.Held);
    }

    private readonly record struct Watched(CapturePoint Point, EthernetInterface Interface, T Held)
    {
        /// <summary>Whether the interface is still the one that was opened: another one may have come under its name.</summary>
        public bool IsThere => EthernetInterface.IndexOf(Point.Interface) == Interface.Index;
    }
}
