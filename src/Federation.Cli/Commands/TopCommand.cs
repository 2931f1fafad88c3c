using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl top</c>: the federation at a glance, kept up to date.</summary>
internal static class TopCommand
{
    private const int EventsShown = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var once = new Option<bool>("--once")
        {
            Description = "Print it once and end, as is done anyway if nobody is watching (a pipe, a file)",
        };
        return new Verb(
            "top",
            "Show sites, applications and the newest events, and keep them up to date",
            "fedctl top",
            "fedctl top --once")
            .With(once).Calls(terminal, call => call.Parse.GetValue(once) || !terminal.IsInteractive || call.Format != OutputFormat.Table
                ? Once(call)
                : Watch(call));
    }

    private static async Task<int> Once(ServiceCall call)
    {
        var top = await Look(call, Newest(await new EventFeed(call, 0).ReadAll()));
        call.Printer.Print(top, top.ToPage);
        return ExitCode.Done;
    }

    private static async Task<int> Watch(ServiceCall call)
    {
        var feed = new EventFeed(call, 0);
        var events = Newest(await feed.ReadAll());
        var first = await Look(call, events);
        try
        {
            await Consoles.Create(call.Terminal, call.Terminal.Out).Live(first.ToPage().Whole()).StartAsync(async display =>
            {
                while (true)
                {
                    // An event ends the wait: what it is about shows at once.
                    events = Newest([.. events, .. await feed.WaitForMore(Interval)]);
                    display.UpdateTarget((await Look(call, events)).ToPage().Whole());
                }
            });
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        return ExitCode.Done;
    }

    private static async Task<TopPage> Look(ServiceCall call, EventDocument[] events)
    {
        var sites = call.Get<SiteDocument[]>(Route.To("sites"));
        var applications = await call.Get<ApplicationDocument[]>(Route.To("applications"));
        // Of an application that is not one's own one sees where it is, not who talks to whom.
        var groups = applications.Where(application => !application.Partial).Select(application =>
            call.Get<GroupsDocument>(Route.To("applications", application.Application, "groups")));
        return new TopPage(call.Terminal.Clock.GetUtcNow(), await sites, applications, await Task.WhenAll(groups), events);
    }

    private static EventDocument[] Newest(IReadOnlyCollection<EventDocument> events) => [.. events.TakeLast(EventsShown)];
}
