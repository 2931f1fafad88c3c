using System.Collections.Immutable;
using System.Globalization;

namespace Federation.Scenarios.Hosts;

/// <summary>Knows of every copy of the VMs of a lab when it ran: QEMU itself says so at each VM's monitor for observers.</summary>
/// <remarks>
/// QEMU stamps its events with the machine's clock, which all copies and the watcher share. That this clock was not set meanwhile is looked at in the end, so
/// that the stamps are of one monotonic clock.
/// </remarks>
internal sealed class CopyWatcher : IDisposable
{
    private const string Socket = "observer.qmp";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MostSet = TimeSpan.FromMilliseconds(2);

    private readonly (string Host, string Folder)[] hosts;
    private readonly Lock gate = new();
    private readonly List<WatchedCopy> copies = [];
    private readonly TimeSpan clock = Lead();
    private readonly Thread looking;
    private volatile bool isOver;

    /// <param name="hosts">The hosts, and where each keeps its VMs' folders.</param>
    public CopyWatcher(params (string Host, string Folder)[] hosts)
    {
        this.hosts = hosts;
        looking = new Thread(Look) { IsBackground = true };
        looking.Start();
    }

    /// <summary>When each copy ran.</summary>
    public ImmutableArray<RunInterval> Intervals => [.. Copies.SelectMany(copy => copy.Intervals)];

    /// <summary>All copies that there were, in the order in which they came.</summary>
    public ImmutableArray<WatchedCopy> Copies => [.. Connected.Where(copy => copy.HasGreeted)];

    /// <summary>The copies whose processes are there, in the order in which they came.</summary>
    public ImmutableArray<WatchedCopy> Present => [.. Copies.Where(copy => !copy.IsGone)];

    /// <summary>The hosts at which a copy runs.</summary>
    public ImmutableArray<string> Running => [.. Present.Where(copy => copy.Runs).Select(copy => copy.Host)];

    /// <summary>Why what was seen cannot be believed; null: it can.</summary>
    public string? Doubt => (Lead() - clock).Duration() > MostSet ? "the machine's clock was set meanwhile" : null;

    // With those that have not greeted yet. QEMU that ends listens for a moment longer than its connections last, and greets nobody any more: no other copy.
    private ImmutableArray<WatchedCopy> Connected
    {
        get
        {
            lock (gate)
            {
                return [.. copies];
            }
        }
    }

    public void Dispose()
    {
        isOver = true;
        looking.Join();
        foreach (var copy in copies)
        {
            copy.Dispose();
        }
    }

    private static TimeSpan Lead() => TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeProvider.System.GetElapsedTime(0);

    private void Look()
    {
        while (!isOver)
        {
            foreach (var (host, folder) in hosts.Where(each => Directory.Exists(each.Folder)))
            {
                foreach (var path in Sockets(folder))
                {
                    LookAt(host, path);
                }
            }

            Thread.CurrentThread.Join(Interval);
        }
    }

    // A VM's folder may go while it is looked into.
    private static string[] Sockets(string folder) =>
        Directory.GetFiles(folder, Socket, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private void LookAt(string host, string path)
    {
        if (Connected.Any(copy => !copy.IsGone && copy.Path == path) || WatchedCopy.Connect(host, path, Name(host)) is not { } come)
        {
            return;
        }

        lock (gate)
        {
            copies.Add(come);
        }
    }

    private string Name(string host) => string.Create(CultureInfo.InvariantCulture, $"copy {copies.Count + 1} at {host}");
}
