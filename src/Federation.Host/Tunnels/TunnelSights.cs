namespace Federation.Host.Tunnels;

/// <summary>Whether the other ends of a host's tunnels are alive, by what comes from them look after look. For one thread.</summary>
/// <param name="clock">Tells how old a handshake is, and measures spans.</param>
internal sealed class TunnelSights(TimeProvider clock)
{
    /// <summary>How often something is sent by way of a relay at least, seconds.</summary>
    public const int RelayKeepAlive = 1;

    /// <summary>The same where a relay could take over from the direct path.</summary>
    public const int DirectKeepAlive = 2;

    /// <summary>The same where there is no other way.</summary>
    public const int SoleKeepAlive = 10;

    /// <summary>A relay of which nothing comes for so long is silent.</summary>
    public static readonly TimeSpan RelaySilence = TimeSpan.FromSeconds(3);

    /// <summary>A direct path on which nothing comes for so long is silent.</summary>
    public static readonly TimeSpan DirectSilence = TimeSpan.FromSeconds(6);

    // Where both begin a handshake at once, one of the two sessions is given up within a moment, with what is under way in it.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    // WireGuard takes a session for over after this.
    private static readonly TimeSpan LongestSession = TimeSpan.FromSeconds(180);

    private readonly long begun = clock.GetTimestamp();
    private Dictionary<(TunnelName Name, string Key), Sight> seen = [];
    private Dictionary<(TunnelName Name, string Key), Sight> next = [];
    private bool isFirst = true;

    /// <summary>The time, as a span of this clock.</summary>
    public TimeSpan Now => clock.GetElapsedTime(begun);

    /// <summary>Takes what one device tells in this look.</summary>
    public void See(TunnelName name, TunnelDevice? device)
    {
        var now = Now;
        foreach (var (key, peer) in device?.Peers ?? [])
        {
            var before = seen.GetValueOrDefault((name, key));
            // An agent that has just been started has heard nothing yet of what goes on.
            TimeSpan? grewAt = before is null ? clock.GetUtcNow() - peer.Handshake < LongestSession ? now : null
                : before.Received != peer.Received ? now : before.GrewAt;
            var isLive = now - grewAt <= (name.Use == TunnelUse.Direct ? DirectSilence : RelaySilence);
            // Sessions are renewed every two minutes: ends that have met stay so.
            var isMet = peer.Handshake is { } at && (before?.IsMet == true || isFirst || clock.GetUtcNow() - at >= Moment);
            next[(name, key)] = new(peer.Received, grewAt, isLive ? before?.LiveSince ?? now : null, isMet, peer.Handshake is not null);
        }
    }

    /// <summary>All devices were seen.</summary>
    public void End() => (seen, next, isFirst) = (next, [], false);

    /// <summary>What is known of an end.</summary>
    public EndSight Of(TunnelName name, string key) => seen.GetValueOrDefault((name, key)) is { } sight
        ? new(true, sight.IsMet, sight is { IsMet: true, LiveSince: { } since } ? Now - since : null)
        : default;

    /// <summary>Whether an end was heard of and is silent: it may have lost the session, and be unable to begin another one.</summary>
    public bool IsLost(TunnelName name, string key) => seen.GetValueOrDefault((name, key)) is { WasHeard: true, LiveSince: null };

    private sealed record Sight(long Received, TimeSpan? GrewAt, TimeSpan? LiveSince, bool IsMet, bool WasHeard);
}
