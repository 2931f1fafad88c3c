namespace Federation.Sensor.Discovery;

/// <summary>Someone who knows which VMs are on this host.</summary>
public interface IVmSource
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>How often it is worth asking.</summary>
    TimeSpan Every { get; }

    /// <summary>Which VMs are on this host now.</summary>
    /// <exception cref="VmSourceException">It does not tell.</exception>
    Task<VmListing> Ask(CancellationToken cancel);
}

/// <summary>A source does not tell which VMs are on this host; the message says why.</summary>
public sealed class VmSourceException(string reason, Exception? cause = null) : Exception(reason, cause);
