namespace Federation.Domain.Sites;

/// <summary>The network from one site to another; the way back is a link of its own.</summary>
/// <param name="LatencySeconds">One way, zero or more.</param>
/// <param name="BytesPerSecond">Bandwidth, more than zero.</param>
/// <param name="EgressPerGB">Price of 10^9 bytes, paid at the sender's site.</param>
public readonly record struct Link(double LatencySeconds, double BytesPerSecond, decimal EgressPerGB)
{
    /// <summary>What VMs' traffic has of a link that is encrypted, where nobody has said it, bytes a second: 0.37 Gbit/s, as WireGuard outside of a kernel carries.</summary>
    public const double UsualEncryptedBytesPerSecond = 46_250_000;

    /// <summary>Whether VMs' traffic is encrypted on it. Both directions of a link are, if either is to be.</summary>
    public LinkEncryption Encryption { get; init; }

    /// <summary>What is left of the bandwidth for VMs' traffic that is encrypted, more than zero; null: nobody has measured it.</summary>
    public double? EncryptedBytesPerSecond { get; init; }

    /// <summary>Which way VMs' traffic takes. Both directions of a link go by relays first, if either is to.</summary>
    public LinkPath Path { get; init; }

    /// <summary>Which way both directions of a link together ask for: by relays first, if either does.</summary>
    public static LinkPath PathOf(Link? there, Link? back) => there?.Path == LinkPath.Star || back?.Path == LinkPath.Star ? LinkPath.Star : LinkPath.Direct;

    /// <summary>What both directions of a link together ask for: the stricter of the two.</summary>
    public static LinkEncryption EncryptionOf(Link? there, Link? back)
    {
        var (one, other) = (there?.Encryption ?? LinkEncryption.Off, back?.Encryption ?? LinkEncryption.Off);
        return one > other ? one : other;
    }

    /// <summary>The link as VMs' traffic has it: what encryption costs is taken from its bandwidth.</summary>
    /// <param name="back">The way back; null: there is none.</param>
    public Link Used(Link? back) => EncryptionOf(this, back) == LinkEncryption.Off
        ? this
        : this with { BytesPerSecond = Math.Min(BytesPerSecond, EncryptedBytesPerSecond ?? UsualEncryptedBytesPerSecond) };
}

/// <summary>Whether the traffic of VMs is encrypted between two sites.</summary>
public enum LinkEncryption
{
    /// <summary>It is not.</summary>
    Off,

    /// <summary>It is, as soon as both hosts can.</summary>
    On,

    /// <summary>Nothing goes that is not.</summary>
    Required,
}

/// <summary>Which way the traffic of VMs takes between two sites.</summary>
public enum LinkPath
{
    /// <summary>From host to host; by a relay where two hosts do not reach each other.</summary>
    Direct,

    /// <summary>By a relay, and from host to host while there is much of it.</summary>
    Star,
}
