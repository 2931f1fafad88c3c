using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace Federation.Sensor.Discovery;

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
