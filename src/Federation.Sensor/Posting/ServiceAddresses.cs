using System.Collections.Immutable;
using System.Net;

namespace Federation.Sensor.Posting;

/// <summary>The addresses of one service, any of which will do: whoever asks stays with one as long as it answers. For several threads.</summary>
/// <param name="all">At least one; the first is asked first.</param>
public sealed class ServiceAddresses(params ImmutableArray<Uri> all)
{
    private int current;

    /// <summary>All of them.</summary>
    public ImmutableArray<Uri> All { get; } = all.Length > 0 ? all : throw new ArgumentException("a service has an address", nameof(all));

    /// <summary>Whether there is another one to go to.</summary>
    public bool HasOthers => All.Length > 1;

    /// <summary>Whom to ask now.</summary>
    public Uri Current => All[Volatile.Read(ref current)];

    /// <summary>One has not answered: goes on to the next, unless somebody has already.</summary>
    public void Leave(Uri away)
    {
        var now = Volatile.Read(ref current);
        if (All[now] == away)
        {
            Interlocked.CompareExchange(ref current, (now + 1) % All.Length, now);
        }
    }

    /// <summary>One has answered: goes on to the next if the status says that it is away.</summary>
    public void LeaveIfAway(Uri server, HttpStatusCode status)
    {
        if (PostPipeline.IsAway(status))
        {
            Leave(server);
        }
    }

    /// <summary>A path below an address, which may have one itself.</summary>
    public static Uri Below(Uri address, string path) => new(address.AbsoluteUri.TrimEnd('/') + path);
}
