using Federation.Cli.Files;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;
using Microsoft.Extensions.Logging;

namespace Federation.Cli.Sensing;

/// <summary>Runs the sensor of this host until it is stopped.</summary>
/// <param name="terminal">Where it runs.</param>
/// <param name="path">The sensor's file.</param>
internal sealed class LiveRun(Terminal terminal, string path)
{
    /// <summary>Runs it. The log goes to the standard error output, a JSON object a line unless a person is looking.</summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        var parsed = SensorFile.Parse(UserFile.Read(path), path);
        if (parsed.Value is not { } settings)
        {
            FaultList.Print(parsed.Faults, terminal.Error);
            return ExitCode.Error;
        }

        _ = UserFile.Read(settings.TokenFile);
        var tls = settings.Tls is { } files ? ClientCertificates.Read($"{path}: tls", files.Authority, files.Certificate, files.Key) : null;
        using var logging = LoggerFactory.Create(logging => SensorLogging.Configure(logging, terminal.ShowsErrors));
        var log = logging.CreateLogger("federation.sensor");
        // Before anything is watched: a second sensor on the folder would write into what the first one reads.
        using var state = StateFolder.Take(settings.StateFolder, "sensor", settings.Sensor, path, terminal.Clock);
        using var capture = Open(settings.Capture, terminal.Clock, log);
        await new SensorDaemon(settings, state, capture, terminal.Clock, log, tls?.Options()).Run(cancel);
        return ExitCode.Done;
    }

    private static ILiveCapture Open(CaptureSettings settings, TimeProvider time, ILogger log)
    {
        var choice = SensorStart.Open(settings, time, log);
        return choice.Capture ?? throw new CommandFailure(
            "no capture backend can be used here:" + string.Concat(choice.Refused.Select(refused => $"\n  {refused.Backend}: {refused.Reason}")));
    }
}
