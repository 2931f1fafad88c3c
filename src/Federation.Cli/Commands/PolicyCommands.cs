using System.CommandLine;
using Federation.Cli.Commandline;
using Federation.Cli.Files;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Cli.Terminals;

namespace Federation.Cli.Commands;

/// <summary><c>fedctl policy</c>: what a site's file would change, and whom, before it does.</summary>
internal static class PolicyCommands
{
    private const string ExitCodes = "Exit code 0: nothing to change, or done; 2: changes are pending; 1: an error, or it would be refused.";

    /// <summary>The noun with its verbs.</summary>
    public static Verb Create(Terminal terminal) =>
        new Verb("policy", "What sites offer and allow, by their files; for a site's administrator his own").With(Diff(terminal), Apply(terminal));

    private static Verb Diff(Terminal terminal)
    {
        var paths = FileArguments.Option("a site");
        return new Verb("diff", "Show what site files would change, and which running VMs they would keep out", "fedctl policy diff -f sites/rennes.yaml")
        {
            Remarks = ExitCodes,
        }.With(paths).Calls(terminal, call => SiteChanges.With(call, call.Parse.GetRequiredValue(paths), files => SiteChanges.Show(call, files)));
    }

    private static Verb Apply(Terminal terminal)
    {
        var paths = FileArguments.Option("a site");
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
        }.With(paths, dryRun, confirmation.Yes).Calls(terminal, call => SiteChanges.With(call, call.Parse.GetRequiredValue(paths), async files =>
        {
            var outside = new List<string>();
            var shown = await SiteChanges.Show(call, files, diff => outside.AddRange(diff.Affected.Select(vm => $"{vm.Application}/{vm.Name} at {diff.Site}")));
            if (shown != ExitCode.Pending || call.Parse.GetValue(dryRun))
            {
                return shown;
            }

            await call.Ask(confirmation, () => Task.FromResult(Outside(outside)));
            return await SiteChanges.Apply(call, files);
        }));
    }

    private static Prospect Outside(List<string> vms) => vms.Count == 0 ? Prospect.Nothing : new(
        Cells.Plain($"{(vms.Count == 1 ? "1 running VM" : $"{vms.Count} running VMs")} would stand outside of what is allowed ({Cells.Some(vms)}); "
            + "they stay until a plan moves them."),
        "Put it into force?",
        StopsVms: false);
}
