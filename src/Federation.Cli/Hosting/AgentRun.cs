using Federation.Cli.Files;
using Federation.Cli.Sensing;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Host.Daemon;
using Federation.Host.Settings;
using Microsoft.Extensions.Logging;

namespace Federation.Cli.Hosting;

/// <summary>Runs the agent of this host until it is stopped.</summary>
/// <param name="terminal">Where it runs.</param>
/// <param name="path">The agent's file.</param>
internal sealed partial class AgentRun(Terminal terminal, string path)
{
    /// <summary>Runs it. The log goes to the standard error output, a JSON object a line unless a person is looking.</summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        var text = UserFile.Read(path);
        if (ClientFile.Is(text, path))
        {
            return await RunClient(text, cancel);
        }

        var parsed = HostFile.Parse(text, path);
        if (parsed.Value is not { } settings)
        {
            FaultList.Print(parsed.Faults, terminal.Error);
            return ExitCode.Error;
        }

        _ = UserFile.Read(settings.TokenFile);
        var tls = settings.Tls is { } files ? ClientCertificates.Read($"{path}: tls", files.Authority, files.Certificate, files.Key) : null;
        using var logging = LoggerFactory.Create(logging => SensorLogging.Configure(logging, terminal.ShowsErrors));
        // Before anything is done: a second agent on the folder would answer orders that the first one does.
        using var state = StateFolder.Take(settings.StateFolder, "agent", $"of {settings.Post}", path, terminal.Clock);
        var log = logging.CreateLogger("federation.host");
        // An image may take long to come; who waits for it gives up by himself.
        using var images = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var driver = settings.Hypervisor.Open(images, terminal.Clock, line => LogProgram(log, line));
        try
        {
            await new HostDaemon(settings, state, driver, terminal.Clock, log, tls?.Options()).Run(cancel);
        }
        finally
        {
            await (driver is IAsyncDisposable closing ? closing.DisposeAsync() : ValueTask.CompletedTask);
        }

        return ExitCode.Done;
    }

    private async Task<int> RunClient(string text, CancellationToken cancel)
    {
        var parsed = ClientFile.Parse(text, path);
        if (parsed.Value is not { } settings)
        {
            FaultList.Print(parsed.Faults, terminal.Error);
            return ExitCode.Error;
        }

        _ = UserFile.Read(settings.TokenFile);
        var tls = settings.Tls is { } files ? ClientCertificates.Read($"{path}: tls", files.Authority, files.Certificate, files.Key) : null;
        using var logging = LoggerFactory.Create(logging => SensorLogging.Configure(logging, terminal.ShowsErrors));
        using var state = StateFolder.Take(settings.StateFolder, "agent", "of a client", path, terminal.Clock);
        await new ClientDaemon(settings, state, terminal.Clock, logging.CreateLogger("federation.host"), tls?.Options()).Run(cancel);
        return ExitCode.Done;
    }

    [LoggerMessage(6050, LogLevel.Information, "The hypervisor's program says: {Line}")]
    private static partial void LogProgram(ILogger log, string line);
}
