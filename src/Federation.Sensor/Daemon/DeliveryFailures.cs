using Federation.Domain.Identity;
using Federation.Sensor.Posting;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Why reports wait: the service is away, or it refuses those of some applications for now. Not safe for use by several threads.</summary>
/// <param name="log">Hears of each reason once for as long as it lasts.</param>
internal sealed class DeliveryFailures(ILogger log)
{
    private readonly Dictionary<AppId, PostFailure> refused = [];
    private PostFailure? away;

    /// <summary>The reason to show; null: there is none.</summary>
    public PostFailure? Current => away ?? refused.Values.FirstOrDefault();

    /// <summary>Forgets the applications of which nothing waits any more.</summary>
    public void Keep(IReadOnlyCollection<AppId> waiting)
    {
        foreach (var gone in refused.Keys.Except(waiting).ToList())
        {
            refused.Remove(gone);
        }
    }

    /// <summary>Nothing can be sent.</summary>
    public void Away(PostFailure failure)
    {
        Tell(away, failure);
        away = failure;
    }

    /// <summary>One application's reports cannot be sent; others may be.</summary>
    public void Refused(AppId application, PostFailure failure)
    {
        Tell(refused.GetValueOrDefault(application), failure);
        (away, refused[application]) = (null, failure);
    }

    /// <summary>An application's reports were delivered.</summary>
    /// <returns>Whether they could not be before.</returns>
    public bool Delivered(AppId application)
    {
        var wasAway = away is not null;
        away = null;
        return refused.Remove(application) || wasAway;
    }

    private void Tell(PostFailure? before, PostFailure now)
    {
        if (before?.Reason != now.Reason)
        {
            log.DeliveryFailed(now.Reason);
        }
    }
}
