using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl site advise</c>: which hosts could be emptied, and the plans that ask for it.</summary>
internal static class SiteAdvice
{
    /// <summary>The command.</summary>
    public static Verb Create(Terminal terminal)
    {
        var name = new Argument<string>("SITE") { Description = "The site's name" };
        var within = new Option<bool>("--within") { Description = "Leave all VMs at the site: move them from host to host only" };
        var propose = new Option<bool>("--propose") { Description = "Ask the owners: a plan of each application of which something would move. Nothing moves before its owner applies it" };
        return new Verb(
            "advise",
            "Show which hosts of a site could be emptied, what would move for that, what it saves, and what holds the others",
            "fedctl site advise rennes",
            "fedctl site advise rennes --within --propose")
        {
            Remarks = "What owners say of their applications is kept to: quiet hours, moves.perDay, the longest downtime and duration of a move, apart, cool-down. To another site a VM goes only if "
                + "that costs its owner no more, its move included, and its run gets longer by no more than harmLimit. For administrators of the site.",
        }.With(name, within, propose).Calls(terminal, async call =>
        {
            var route = Route.To("sites", call.Parse.GetRequiredValue(name), "advice").With("within", call.Parse.GetValue(within));
            return call.Parse.GetValue(propose)
                ? call.Show<SiteAdviceDocument>((await call.Client.Post(route, json: null, call.Cancel)).Document, SiteAdvicePages.Describe)
                : await call.Show<SiteAdviceDocument>(route, SiteAdvicePages.Describe);
        });
    }
}
