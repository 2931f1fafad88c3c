namespace Federation.Host.Networks;

/// <summary>Sets up the way from outside into segments. For one thread, but for <see cref="Renew"/>.</summary>
/// <exception cref="Domain.Hosts.DriverException">Of every call: the kernel or one of the programs cannot, and why.</exception>
internal interface IGatewayPlumber
{
    /// <summary>Gets ready; what there is of an earlier run stays as it is.</summary>
    Task Begin(CancellationToken cancel);

    /// <summary>Makes a segment's router: a port of its bridge, and behind that this host. There already, nothing happens.</summary>
    /// <param name="vni">The segment's number.</param>
    /// <param name="mtu">Its longest packet, bytes.</param>
    /// <param name="cancel">Gives up.</param>
    Task Plug(int vni, int mtu, CancellationToken cancel);

    /// <summary>Has the public addresses of a segment lead where they are to; its router is there.</summary>
    Task Lead(GatewayWays ways, CancellationToken cancel);

    /// <summary>Takes a segment's router away, and all that leads to it. Not there, nothing happens.</summary>
    Task Unplug(int vni, CancellationToken cancel);

    /// <summary>This host may have its public addresses for so long. Those that it has had for a moment only are told to the network outside.</summary>
    Task Renew(TimeSpan left, CancellationToken cancel);

    /// <summary>Something else may have changed what the kernel was told: it is looked at before the next change.</summary>
    void Doubt();
}
