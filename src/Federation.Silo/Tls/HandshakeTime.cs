namespace Federation.Silo.Tls;

/// <summary>How long whoever connects may take until it has shown who it is.</summary>
internal static class HandshakeTime
{
    /// <summary>Enough for a line round the world that loses packets; a connection that says nothing holds no place for longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
}
