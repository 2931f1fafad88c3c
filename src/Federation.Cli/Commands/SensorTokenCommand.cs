using System.CommandLine;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl sensor token</c> and <c>list</c>: who may report what.</summary>
internal static class SensorTokenCommand
{
    /// <summary>The verb that makes a sensor's token.</summary>
    public static Verb Create(Terminal terminal)
    {
        var sensor = new Argument<string>("SENSOR") { Description = "The sensor's name, as its file has it" };
        var site = new Option<string>("--site") { Description = "The site of its host", HelpName = "SITE", Required = true };
        var host = new Option<string?>("--host")
        {
            Description = "Its host, as VMs' locations name it. Left out: the site's VMs that are on no named host", HelpName = "HOST",
        };
        return new Verb(
            "token",
            "Make a token with which one sensor can report the VMs on its host and do nothing else; the one before ends",
            "fedctl sensor token host1 --site rennes --host host1 > sensor.token")
        {
            Remarks = "The token is printed once; the service keeps its hash only.",
        }
            .With(sensor, site, host)
            .Calls(terminal, async call =>
            {
                var request = new SensorRequest(
                    call.Parse.GetRequiredValue(sensor), call.Parse.GetRequiredValue(site), call.Parse.GetValue(host));
                var document = await call.Client.Post(Route.To("sensors"), JsonSerializer.Serialize(request, DomainJson.Options), call.Cancel);
                return call.Show<SensorDocument>(document.Document, made => new Page().Line(made.Token ?? ""));
            });
    }

    /// <summary>The verb that lists the sensors that the service knows.</summary>
    public static Verb List(Terminal terminal) => new Verb("list", "List the sensors that have a token", "fedctl sensor list")
        .Calls(terminal, call => call.Show<SensorDocument[]>(Route.To("sensors"), sensors => Page.Of(
            new Sheet("SENSOR", "SITE", "HOST", "TOKEN MADE").Rows(
                sensors, sensor => [sensor.Sensor, sensor.Site, sensor.Host, Cells.Instant(sensor.CreatedAt)]))));
}
