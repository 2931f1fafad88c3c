using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Federation.Domain.Identity;

namespace Federation.Sensor.Discovery;

/// <summary>Asks libvirt which VMs run on this host, with their MAC addresses and taps.</summary>
/// <remarks>A domain is a VM of ours if its name is the application's and the VM's with the separator in between; others are left aside.</remarks>
/// <param name="settings">How to ask.</param>
/// <param name="virsh">Runs virsh.</param>
public sealed class LibvirtVms(LibvirtSettings settings, IVirsh virsh) : IVmSource
{
    /// <inheritdoc/>
    public string Name => "libvirt";

    /// <inheritdoc/>
    public TimeSpan Every => settings.Every;

    /// <inheritdoc/>
    public async Task<VmListing> Ask(CancellationToken cancel)
    {
        var vms = ImmutableArray.CreateBuilder<LocalVm>();
        var domains = await Run(["list", "--name"], cancel);
        foreach (var domain in domains.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (VmOf(domain) is { } vm)
            {
                var interfaces = await Run(["domiflist", domain], cancel);
                vms.AddRange(InterfacesOf(interfaces).Select(found => new LocalVm(vm, [found.Mac], found.Tap)));
            }
        }

        return new VmListing(vms.ToImmutable(), []);
    }

    /// <summary>Reads what <c>virsh domiflist</c> prints: a line for each interface, its tap first (- if it has none) and its MAC address last.</summary>
    public static IEnumerable<(string? Tap, Address Mac)> InterfacesOf(string printed)
    {
        foreach (var line in printed.Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (fields.Length >= 2 && Address.TryParse(fields[^1], out var mac) && mac.Kind == AddressKind.Mac)
            {
                yield return (fields[0] == "-" ? null : fields[0], mac);
            }
        }
    }

    private Task<string> Run(string[] command, CancellationToken cancel) =>
        virsh.Run(["--readonly", "--connect", settings.Uri, "--quiet", .. command], cancel);

    private VmRef? VmOf(string domain)
    {
        var at = domain.IndexOf(settings.Separator, StringComparison.Ordinal);
        return at > 0 && at + settings.Separator.Length < domain.Length
            ? new VmRef(AppId.Parse(domain[..at]), new VmId(domain[(at + settings.Separator.Length)..]))
            : null;
    }
}

/// <summary>How libvirt is asked.</summary>
/// <param name="Uri">The connection, such as <c>qemu:///system</c>.</param>
/// <param name="Every">How often.</param>
/// <param name="Separator">What stands in a domain's name between application and VM: <c>cg.vm1</c>.</param>
public sealed record LibvirtSettings(string Uri, TimeSpan Every, string Separator);

/// <summary>Runs libvirt's command-line tool.</summary>
public interface IVirsh
{
    /// <summary>What it prints.</summary>
    /// <exception cref="VmSourceException">It is not there, or it fails.</exception>
    Task<string> Run(IReadOnlyList<string> arguments, CancellationToken cancel);
}

/// <summary>Runs <c>virsh</c> as it is found in the path.</summary>
public sealed class Virsh : IVirsh
{
    /// <inheritdoc/>
    public async Task<string> Run(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        try
        {
            var result = await CliWrap.Cli.Wrap("virsh").WithArguments(arguments)
                .WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancel);
            return result.ExitCode == 0
                ? result.StandardOutput
                : throw new VmSourceException($"virsh {string.Join(' ', arguments)}: {result.StandardError.Trim()}");
        }
        catch (Win32Exception fault)
        {
            throw new VmSourceException($"virsh cannot be run: {fault.Message}", fault);
        }
    }
}
