using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Sensing;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl sensor</c>: tells the service what VMs say to each other.</summary>
internal static class SensorCommand
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("sensor", "Count VMs' traffic and report it to the service")
        .With(Run(terminal), Status(terminal), Top(terminal), SensorTokenCommand.Create(terminal), SensorTokenCommand.List(terminal));

    private static Verb Run(Terminal terminal)
    {
        var config = new Option<string?>("--config") { Description = "The sensor's file: watch this host until stopped", HelpName = "FILE" };
        var replay = new Option<string?>("--replay")
        {
            Description = "A capture file: pcap or pcapng, gzipped or not", HelpName = "FILE",
        };
        var application = new Option<string?>("--app")
        {
            Description = "With --replay: the application whose VMs are in it", HelpName = "APP",
        };
        var sensor = new Option<string?>("--sensor") { Description = "With --replay: the sensor's name. Default: this host's", HelpName = "NAME" };
        var times = Values.Count("--times", "With --replay: report it so many times, one after another, as if it had gone on. Default 1", 1, 1000);
        var options = new ServiceOptions();
        return new Verb(
            "run",
            "Count the traffic of VMs, live or in a capture file, and report it to the service",
            "fedctl sensor run --config /etc/federation/sensor.yaml",
            "fedctl sensor run --replay cg-a-8.pcap.gz --app cg",
            "fedctl sensor run --replay cg-a-8.pcap.gz --app cg --times 4    # a group counts once it has lasted two windows")
        {
            Remarks = "A capture is moved in time by whole windows, so that its last one is the last that has closed.",
        }
            .With(config, replay, application, sensor, times).With(options.All)
            .Does(async (parse, cancel) =>
            {
                if (parse.GetValue(config) is { } file)
                {
                    Check(parse.GetValue(replay) is null, "give one of --config and --replay");
                    Check(!options.NameService(parse), "the sensor's file says which service and which token: leave --server and --token-file out");
                    return await new LiveRun(terminal, file).Run(cancel);
                }

                var path = parse.GetValue(replay) ?? throw new CommandFailure("give --config FILE to watch this host, or --replay FILE and --app APP");
                var app = parse.GetValue(application) ?? throw new CommandFailure("--replay needs --app APP: whose VMs are in the capture");
                using var call = options.Open(parse, terminal, cancel);
                return await new ReplayRun(call, path, app, parse.GetValue(sensor) ?? Environment.MachineName, parse.GetValue(times) ?? 1).Run();
            });
    }

    private static Verb Status(Terminal terminal)
    {
        var at = At();
        var output = Shared.Output();
        return new Verb("status", "Show how the sensor of this host is doing", "fedctl sensor status", "fedctl sensor status -o json")
            .With(at, output)
            .Does((parse, cancel) => new SensorLook(terminal, parse.GetValue(at)!, parse.GetValue(output)).Once(cancel));
    }

    private static Verb Top(Terminal terminal)
    {
        var at = At();
        var output = Shared.Output();
        return new Verb("top", "Show who sends most to whom on this host, and keep it up to date", "fedctl sensor top")
            .With(at, output)
            .Does((parse, cancel) => new SensorLook(terminal, parse.GetValue(at)!, parse.GetValue(output)).Watch(cancel));
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CommandFailure(otherwise);
        }
    }

    private static Option<string> At() => new("--at")
    {
        Description = "Where the sensor tells its status: 'listen' of its file",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1:9474",
    };
}
