using System.Collections.Immutable;
using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>Starts the programs of a host. For all threads.</summary>
/// <param name="launcher">Words before each program, as <c>ip netns exec h1</c>.</param>
public sealed class HostPrograms(ImmutableArray<string> launcher)
{
    /// <summary>Has a program done and takes what it printed.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="DriverException">It cannot be started, or it failed: with what it said.</exception>
    public Task<string> Do(ImmutableArray<string> words, CancellationToken cancel) => Do(words, "", cancel);

    /// <summary>Has a program done and takes what it printed.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="input">What it is given to read.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="DriverException">It cannot be started, or it failed: with what it said.</exception>
    public async Task<string> Do(ImmutableArray<string> words, string input, CancellationToken cancel)
    {
        var result = await Try(words, input, cancel);
        return result.ExitCode == 0
            ? result.StandardOutput
            : throw new DriverException($"{words[0]} ended with {result.ExitCode}: {LastLines(result.StandardError)}");
    }

    /// <summary>Has a program done, however it ends.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="input">What it is given to read.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="DriverException">It cannot be started.</exception>
    public async Task<BufferedCommandResult> Try(ImmutableArray<string> words, string input, CancellationToken cancel)
    {
        var all = launcher.AddRange(words);
        try
        {
            return await Cli.Wrap(all[0]).WithArguments(all[1..]).WithStandardInputPipe(PipeSource.FromString(input))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancel);
        }
        catch (Win32Exception missing)
        {
            throw new DriverException($"{all[0]} cannot be started: {missing.Message}; install it, or name it in the host's settings", missing);
        }
    }

    private static string LastLines(string text) =>
        string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));
}
