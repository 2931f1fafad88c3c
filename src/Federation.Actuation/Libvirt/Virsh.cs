using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Libvirt;

/// <summary>Runs <c>virsh</c>.</summary>
internal sealed class Virsh(LibvirtOptions options)
{
    /// <summary>Has this host's libvirt do something, and takes what is printed.</summary>
    /// <exception cref="DriverException">It cannot be run, or it failed: with what it said.</exception>
    public Task<string> Do(ImmutableArray<string> words, CancellationToken cancel) => At(options.Uri, words, cancel);

    /// <summary>Has another host's libvirt do something.</summary>
    /// <inheritdoc cref="Do"/>
    public async Task<string> At(string uri, ImmutableArray<string> words, CancellationToken cancel)
    {
        var result = await Run(["virsh", "-c", uri, .. words], cancel);
        return result.ExitCode == 0 ? result.StandardOutput : throw new DriverException($"virsh {words[0]}: {Said(result.StandardError)}");
    }

    /// <summary>Has this host's libvirt do what may be done already; false: it could not.</summary>
    public async Task<bool> Try(ImmutableArray<string> words, CancellationToken cancel) =>
        (await Run(["virsh", "-c", options.Uri, .. words], cancel)).ExitCode == 0;

    /// <summary>Has another program done, however it ends.</summary>
    /// <exception cref="DriverException">It cannot be started.</exception>
    public async Task<BufferedCommandResult> Run(ImmutableArray<string> words, CancellationToken cancel)
    {
        var all = options.Launcher.AddRange(words);
        try
        {
            return await Cli.Wrap(all[0]).WithArguments(all[1..]).WithEnvironmentVariables(variables => variables.Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancel);
        }
        catch (Win32Exception missing)
        {
            throw new DriverException($"{all[0]} cannot be started: {missing.Message}; install it", missing);
        }
    }

    /// <summary>What a program complained of, in one line.</summary>
    public static string Said(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it failed and said nothing" : string.Join(" | ", lines.TakeLast(3)).Replace("error: ", "", StringComparison.Ordinal);
    }
}
