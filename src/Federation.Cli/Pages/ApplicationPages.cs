using Federation.Api;
using Federation.Cli.Output;
using Federation.Yaml;

namespace Federation.Cli.Pages;

/// <summary>Applications and their VMs at the service, for people.</summary>
internal static class ApplicationPages
{
    /// <summary>One row for each application.</summary>
    public static Page List(IEnumerable<ApplicationDocument> applications) => Page.Of(
        new Sheet(
            "APPLICATION", "TENANT", "OBJECTIVE", "REMAINING", ">VMS", ">PLACED", "SITES", ">VERSION").Rows(applications, application =>
        [
            application.Application,
            application.Spec.Text("tenant"),
            application.Spec.Text("objective"),
            application.Spec.Text("remaining"),
            $"{application.Vms.Length}",
            $"{application.Vms.Count(vm => vm.At is not null)}",
            SitesOf(application),
            application.Version,
        ]));

    /// <summary>All that is known of one application.</summary>
    public static Page Describe(ApplicationDocument application)
    {
        var page = new Page()
            .Line($"Application {application.Application}, version {application.Version}")
            .Line($"  still to run  {Cells.Seconds(application.RemainingSeconds)}{(application.Due is null ? "" : $", due {Cells.Instant(application.Due)}")}")
            .Heading("VMs").Add(Table(application.Vms));
        // An earlier service says nothing of them.
        if (application.Predictions is { } predictions)
        {
            page.Heading("Predictions so far");
            _ = predictions.Length == 0 ? page.Line("  none: no live move was measured yet") : page.Add(Table(predictions));
        }

        return page.Heading("Description").Block(YamlText.Of(application.Spec));
    }

    /// <summary>One row for each VM.</summary>
    public static Page Vms(IEnumerable<VmDocument> vms) => Page.Of(Table(vms));

    /// <summary>All that is known of one VM.</summary>
    public static Page Describe(VmDocument vm) => new Page()
        .Line($"VM {vm.Application}/{vm.Vm}")
        .Line($"  addresses    {(vm.Addresses.Length > 0 ? string.Join(", ", vm.Addresses) : "none")}")
        .Line($"  public       {vm.Public ?? vm.PublicRefused ?? "none"}")
        .Line($"  at           {(vm.At is null ? "nowhere yet" : At(vm))}")
        .Line($"  host         {vm.Host ?? "not known"}")
        .Line($"  epoch        {vm.Epoch}")
        .Line($"  last window  {(vm.LastWindow is null ? "none reported yet" : Cells.Instant(vm.LastWindow))}");

    /// <summary>The sites that an application is at, each with how many of its VMs.</summary>
    public static string SitesOf(ApplicationDocument application) => string.Join(",", application.Vms
        .Where(vm => vm.At is not null)
        .GroupBy(vm => vm.At!.Site)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key}:{group.Count()}{(group.First().LostSince is null ? "" : " (not known)")}"));

    private static string At(VmDocument vm) =>
        vm.LostSince is { } since ? $"{Cells.Place(vm.At)} (not known since {Cells.Instant(since)})" : Cells.Place(vm.At);

    private static Sheet Table(IEnumerable<PredictionDocument> predictions) =>
        new Sheet("FROM", "TO", "OF", ">MOVES", ">MEASURED/SAID", ">NINE OF TEN").Rows(predictions, one =>
        [
            one.From, one.To, one.Kind, $"{one.Count}", Cells.Number(one.Bias, 2), $"{Cells.Number(one.Low, 2)} to {Cells.Number(one.High, 2)}",
        ]);

    private static Sheet Table(IEnumerable<VmDocument> vms) =>
        new Sheet("APPLICATION", "VM", "ADDRESSES", "AT", ">EPOCH", "LAST WINDOW").Rows(vms, vm =>
        [
            vm.Application, vm.Vm, string.Join(",", vm.Addresses), At(vm), $"{vm.Epoch}", Cells.Instant(vm.LastWindow),
        ]);
}
