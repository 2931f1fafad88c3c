using System.CommandLine;
using System.Text.Json;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Service;

/// <summary>One run of a command that talks to the service.</summary>
/// <param name="Parse">Its command line.</param>
/// <param name="Terminal">Where it runs.</param>
/// <param name="Client">The service.</param>
/// <param name="Format">How to print.</param>
/// <param name="Cancel">Stops it.</param>
internal sealed record ServiceCall(
    ParseResult Parse, Terminal Terminal, ServiceClient Client, OutputFormat Format, CancellationToken Cancel) : IDisposable
{
    /// <summary>Prints results.</summary>
    public Printer Printer { get; } = new(Terminal, Format);

    /// <summary>Gets a document.</summary>
    public async Task<T> Get<T>(Route route, TimeSpan wait = default) => Read<T>(await Client.Get(route, Cancel, wait));

    /// <summary>Gets a document and prints it: as it came, or as a page.</summary>
    public async Task<int> Show<T>(Route route, Func<T, Page> page, TimeSpan wait = default) =>
        Show(await Client.Get(route, Cancel, wait), page);

    /// <summary>Gets a document and prints it: as YAML the file in it, which can be applied again; as JSON as it came; or as a page.</summary>
    /// <param name="route">Where it is.</param>
    /// <param name="file">The file in it.</param>
    /// <param name="page">The page.</param>
    public async Task<int> Export<T>(Route route, Func<T, JsonElement> file, Func<T, Page> page)
    {
        var document = await Client.Get(route, Cancel);
        return Format == OutputFormat.Yaml ? Show(file(Read<T>(document)), page) : Show(document, page);
    }

    /// <summary>Gets a list whole, however many pages it has, and prints it: as it came, or as a page.</summary>
    public async Task<int> ShowAll<T>(Route route, Func<T[], Page> page) => Show(await Client.GetAll(route, Cancel), page);

    /// <summary>Prints a document: as it came, or as a page.</summary>
    public int Show<T>(JsonElement document, Func<T, Page> page)
    {
        Printer.Print(document, () => page(Read<T>(document)));
        return ExitCode.Done;
    }

    /// <summary>Takes a document for what it has to be.</summary>
    /// <exception cref="CommandFailure">It is something else: no service of ours, or one of another version.</exception>
    public T Read<T>(JsonElement document)
    {
        try
        {
            return document.Deserialize<T>(DomainJson.Options) ?? throw new JsonException("null");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new CommandFailure($"{ServiceFailures.NoSuchService(Client.Access)} ({fault.Message})", fault);
        }
    }

    /// <summary>Asks whether the command may go on; returns if it may.</summary>
    /// <param name="confirmation">The command's own.</param>
    /// <param name="look">Finds out what would happen; not called where <c>--yes</c> is given.</param>
    /// <exception cref="CommandFailure">It may not.</exception>
    public Task Ask(Confirmation confirmation, Func<Task<Prospect>> look) => confirmation.Ask(Parse, Terminal, look, Cancel);

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}
