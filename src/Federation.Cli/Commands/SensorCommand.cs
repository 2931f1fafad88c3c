using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Sensing;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl sensor</c>: tells the service what VMs say to each other.</summary>
internal static class SensorCommand
{
    /// <summary>The noun with its verb.</summary>
    public static Verb Create(Terminal terminal)
    {
        var replay = new Option<string>("--replay")
        {
            Description = "A capture file: pcap or pcapng, gzipped or not", HelpName = "FILE", Required = true,
        };
        var application = new Option<string>("--app")
        {
            Description = "The application whose VMs are in it", HelpName = "APP", Required = true,
        };
        var sensor = new Option<string?>("--sensor") { Description = "The sensor's name. Default: this host's", HelpName = "NAME" };
        var run = new Verb(
            "run",
            "Count the traffic of an application's VMs in a capture file, and post it as if it had just been seen",
            "fedctl sensor run --replay cg-a-8.pcap.gz --app cg")
        {
            Remarks = "The capture is moved in time by whole windows, so that its last one is the last that has closed.",
        }
            .With(replay, application, sensor)
            .Calls(terminal, call => new ReplayRun(
                call,
                call.Parse.GetRequiredValue(replay),
                call.Parse.GetRequiredValue(application),
                call.Parse.GetValue(sensor) ?? Environment.MachineName).Run());
        return new Verb("sensor", "Count VMs' traffic and report it to the service").With(run);
    }
}
