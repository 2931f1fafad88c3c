using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;
using Federation.Yaml;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl events</c>: what happened, and what is happening.</summary>
internal static class EventsCommand
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var follow = new Option<bool>("--follow", "-w") { Description = "Go on with what happens next, until stopped" };
        var after = Values.Position("--after", "Only events of a higher number. Default 0: from the oldest that is kept");
        return new Verb(
            "events",
            "Show what happened, and with --follow what is happening",
            "fedctl events",
            "fedctl events --follow",
            "fedctl events --after 120 -o json")
        {
            Remarks = "With --follow each event is one line; with -o json it is one document on one line.",
        }
            .With(follow, after).Calls(terminal, call => call.Parse.GetValue(follow)
                ? Follow(call, call.Parse.GetValue(after) ?? 0)
                : List(call, call.Parse.GetValue(after) ?? 0));
    }

    private static async Task<int> List(ServiceCall call, long after)
    {
        var feed = new EventFeed(call, after);
        var events = await feed.ReadAll();
        call.Printer.Print(events, () => EventPages.List(events));
        return ExitCode.Done;
    }

    private static async Task<int> Follow(ServiceCall call, long after)
    {
        var feed = new EventFeed(call, after);
        try
        {
            while (true)
            {
                foreach (var entry in await feed.WaitForMore())
                {
                    call.Terminal.Out.WriteLine(Text(entry, call.Format));
                }

                call.Terminal.Out.Flush();
            }
        }
        catch (OperationCanceledException) when (call.Cancel.IsCancellationRequested)
        {
            // Ctrl-C is how following ends.
            return ExitCode.Done;
        }
    }

    private static string Text(EventDocument entry, OutputFormat format) => format switch
    {
        OutputFormat.Json => JsonSerializer.Serialize(entry, DomainJson.Options),
        OutputFormat.Yaml => "---\n" + YamlText.Of(JsonSerializer.SerializeToElement(entry, DomainJson.Options)).TrimEnd(),
        _ => string.Create(CultureInfo.InvariantCulture, $"{entry.Sequence,6}  {EventPages.Line(entry)}"),
    };
}
