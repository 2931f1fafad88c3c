using System.CommandLine;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;
using Federation.Domain.Sites;
using Federation.Files;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl policy</c>: what a site's file would change, and whom, before it does.</summary>
internal static class PolicyCommands
{
    private const string ExitCodes = "Exit code 0: nothing to change, or done; 2: changes are pending; 1: an error.";

    // So many VMs are named in a question.
    private const int Named = 5;

    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("policy", "What sites offer and allow, by their files; for a site's administrator his own").With(Diff(terminal), Apply(terminal));

    private static Verb Diff(Terminal terminal)
    {
        var path = FileOption();
        return new Verb("diff", "Show what site files would change, and which running VMs they would keep out", "fedctl policy diff -f sites/rennes.yaml")
        {
            Remarks = ExitCodes,
        }.With(path).Calls(terminal, call => Show(call, call.Parse.GetRequiredValue(path), []));
    }

    private static Verb Apply(Terminal terminal)
    {
        var path = FileOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Change nothing: the same as diff" };
        var confirmation = new Confirmation();
        return new Verb(
            "apply",
            "Put site files into force. VMs that are there stay, whatever the file says; a plan moves them. Asks on a terminal if VMs would stand outside",
            "fedctl policy apply -f sites/rennes.yaml --dry-run",
            "fedctl policy apply -f sites/rennes.yaml",
            "fedctl policy apply -f sites/rennes.yaml --yes")
        {
            Remarks = ExitCodes,
        }.With(path, dryRun, confirmation.Yes).Calls(terminal, async call =>
        {
            var outside = new List<string>();
            var shown = await Show(call, call.Parse.GetRequiredValue(path), outside);
            if (shown != ExitCode.Pending || call.Parse.GetValue(dryRun))
            {
                return shown;
            }

            if (outside.Count > 0)
            {
                await call.Ask(confirmation, () => Task.FromResult(Outside(outside)));
            }

            return await SiteCommands.Apply(call, call.Parse.GetRequiredValue(path));
        });
    }

    private static Option<string> FileOption() => new("--file", "-f")
    {
        Description = "A site file, or a folder of site files", HelpName = "FILE|DIR", Required = true,
    };

    private static Prospect Outside(List<string> vms) => new(
        Cells.Plain($"{(vms.Count == 1 ? "1 running VM" : $"{vms.Count} running VMs")} would stand outside of what is allowed ({Some(vms)}); "
            + "they stay until a plan moves them."),
        "Put it into force?",
        StopsVms: false);

    private static string Some(List<string> vms) =>
        string.Join(", ", vms.Take(Named)) + (vms.Count > Named ? $" and {vms.Count - Named} more" : "");

    // Also notes the VMs that would stand outside.
    private static async Task<int> Show(ServiceCall call, string path, List<string> outside)
    {
        if (!SiteFiles.Read(path).TryGet(call.Terminal.Error, out var sites))
        {
            return ExitCode.Error;
        }

        var code = ExitCode.Done;
        foreach (var site in sites)
        {
            var diff = await Show(call, site);
            code = diff.Changes.Length > 0 ? ExitCode.Pending : code;
            outside.AddRange(diff.Affected.Select(vm => $"{vm.Application}/{vm.Name} at {diff.Site}"));
        }

        return code;
    }

    private static async Task<SiteDiffDocument> Show(ServiceCall call, Site site)
    {
        var answer = await call.Client.Post(Route.To("sites", site.Id.Value, "diff"), SiteFile.ToJson(site), call.Cancel);
        var diff = call.Read<SiteDiffDocument>(answer.Document);
        call.Printer.Print(answer.Document, () => PageOf(diff));
        return diff;
    }

    private static Page PageOf(SiteDiffDocument diff)
    {
        if (diff.Changes.Length == 0)
        {
            return new Page().Line($"site {diff.Site}: nothing changes");
        }

        var page = new Page()
            .Line(diff.Revision == 0 ? $"site {diff.Site} is new" : $"site {diff.Site}, against revision {diff.Revision}:")
            .Add(new Sheet("KEY", "BEFORE", "AFTER").Rows(diff.Changes, change => [change.Key, change.Before, change.After]));
        return diff.Affected.Length == 0
            ? page.Line("no running VM is affected")
            : page.Heading($"{diff.Affected.Length} running VMs could not come there any more").Add(
                new Sheet("APPLICATION", "VM", "REASON").Rows(diff.Affected, vm => [vm.Application, vm.Name, vm.Reason]));
    }
}
