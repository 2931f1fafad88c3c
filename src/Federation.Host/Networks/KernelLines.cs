using System.Collections.Immutable;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;

namespace Federation.Host.Networks;

/// <summary>Tells the kernel several things at once, a line each, by the programs that read lines.</summary>
internal static class KernelLines
{
    /// <summary>Has <c>nft</c> do lines, all or none. No lines: nothing is done.</summary>
    /// <exception cref="DriverException">It cannot be started, or failed.</exception>
    public static Task Filter(this HostPrograms programs, IEnumerable<string> lines, CancellationToken cancel) => programs.Filter(Text(lines), cancel);

    /// <summary>Has <c>nft</c> do a text, all or nothing. No text: nothing is done.</summary>
    /// <exception cref="DriverException">It cannot be started, or failed.</exception>
    public static Task Filter(this HostPrograms programs, string text, CancellationToken cancel) => text.Length == 0 ? Task.CompletedTask : programs.Do(["nft", "-f", "-"], text, cancel);

    /// <summary>Has <c>ip</c>, <c>bridge</c> or <c>tc</c> do lines, one after another. No lines: nothing is done.</summary>
    /// <param name="programs">Starts it.</param>
    /// <param name="program">Which.</param>
    /// <param name="options">As <c>-force</c>, by which it goes on after a line that fails.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="DriverException">It cannot be started, or a line failed.</exception>
    public static Task Batch(this HostPrograms programs, string program, ImmutableArray<string> options, IEnumerable<string> lines, CancellationToken cancel) =>
        Text(lines) is { Length: > 0 } text ? programs.Do([program, .. options, "-batch", "-"], text, cancel) : Task.CompletedTask;

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
