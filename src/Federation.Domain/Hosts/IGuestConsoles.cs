using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>The serial consoles of a host's VMs; a driver that has them is one of these, too.</summary>
/// <exception cref="DriverException">Of every call: the VM is not here, or its console cannot be had.</exception>
public interface IGuestConsoles
{
    /// <summary>The end of what a VM wrote to its console since it is here, control characters and all.</summary>
    /// <param name="vm">The VM; one that died is read until it is stopped.</param>
    /// <param name="bytes">How much at most, bytes, from the end.</param>
    /// <param name="cancel">Ends the reading.</param>
    Task<byte[]> ReadLog(VmRef vm, int bytes, CancellationToken cancel);

    /// <summary>Connects to a VM's console: what is read the VM writes, what is written it reads. One at a time; the caller closes it.</summary>
    Task<Stream> OpenConsole(VmRef vm, CancellationToken cancel);
}
