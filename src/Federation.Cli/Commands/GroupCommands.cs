using System.CommandLine;
using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Pages;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl group</c>: an application's communication groups.</summary>
internal static class GroupCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) => new Verb("group", "Communication groups: VMs that should stay together").With(
        OnAll("list", "List an application's groups", terminal, "fedctl group list cg", GroupPages.List),
        Get(terminal),
        OnAll("describe", "Show an application's groups, what each window showed, and the groups' history", terminal,
            "fedctl group describe cg --windows 20 --metric bytes", GroupPages.Describe));

    private static Verb OnAll(
        string verb, string description, Terminal terminal, string example, Func<GroupsDocument, Output.Page> page)
    {
        var name = new Argument<string>("APP") { Description = "The application's name" };
        var options = new DetectionOptions();
        return new Verb(verb, description, example).With(name).With(options.All).Calls(terminal, call =>
            call.Show(options.AddTo(RouteOf(call.Parse.GetRequiredValue(name)), call.Parse), page));
    }

    private static Verb Get(Terminal terminal)
    {
        var name = Qualified.Argument("GROUP", "The application's name and the group's");
        return new Verb("get", "Show one group", "fedctl group get cg/g1").With(name).Calls(terminal, async call =>
        {
            var (application, id) = Qualified.Split(call.Parse.GetRequiredValue(name));
            var groups = (await call.Get<GroupsDocument>(RouteOf(application))).Groups;
            var known = groups.Length == 0 ? "none" : string.Join(", ", groups.Select(group => group.Id));
            var group = groups.FirstOrDefault(group => group.Id == id)
                ?? throw new CommandFailure($"{application} has no group '{id}' now; it has {known}");
            return call.Show<GroupDocument>(JsonSerializer.SerializeToElement(group, DomainJson.Options), GroupPages.Describe);
        });
    }

    private static Route RouteOf(string application) => Route.To("applications", application, "groups");

    /// <summary>How groups are looked for, where that is not left to the service.</summary>
    private sealed class DetectionOptions
    {
        private readonly Option<int?> windows = Values.Count("--windows", "Over how many of the newest windows");
        private readonly Option<string?> metric = Shared.Word("--metric", "What the weight of a pair counts", "packets", "bytes");

        private readonly Option<double?> ratio =
            Values.Number("--ratio", "R", "How much of a group's mean weight a pair needs to join a VM to it", 0, 1);

        private readonly Option<double?> floor =
            Values.Number("--floor", "PER_SECOND", "A pair below it never counts, packets/s or bytes/s", 0, double.MaxValue);

        private readonly Option<string?> detector = Shared.Word("--detector", "How groups are found", "greedy", "leiden", "auto");

        private readonly Option<double?> resolution = Values.Number(
            "--resolution", "R", "For leiden: what a group's pairs exchange on average, as a share of the mean weight", 0.0001, 10_000);

        public Symbol[] All => [windows, metric, ratio, floor, detector, resolution];

        public Route AddTo(Route route, ParseResult parse) => route
            .With("windows", parse.GetValue(windows))
            .With("metric", parse.GetValue(metric))
            .With("ratio", parse.GetValue(ratio))
            .With("floor", parse.GetValue(floor))
            .With("detector", parse.GetValue(detector))
            .With("resolution", parse.GetValue(resolution));
    }
}
