namespace Federation.Silo.Tests.Access;

/// <summary>Who may call which grain's method: the table that the grains are held against, written out by hand.</summary>
internal static class GrainRow
{
    private const string Service = "";
    private const string Admins = "federation-admin";
    private const string Owner = "tenant, federation-admin";
    private const string OwnersEyes = "tenant, federation-admin, auditor";
    private const string Sites = "site-admin, other site-admin, federation-admin";
    private const string ItsSite = "site-admin, federation-admin";
    private const string People = "tenant, other tenant, site-admin, other site-admin, federation-admin, auditor";

    /// <summary>The holders of <see cref="Making.Tokens.Holders"/> that may call a method, besides the service; about tenant astro and site cheap.</summary>
    /// <remarks>Where others than the owner get in, the grain gives them what they see: those have tests of their own.</remarks>
    public static readonly Dictionary<string, string[]> Table = Rows(
        ("IApplicationGrain", Owner, "Apply Delete Preview RemoveVm"),
        ("IApplicationGrain", OwnersEyes, "Get Identity Description"),
        ("IApplicationGrain", Service, "BeginPlan EndPlan Look Repair Resume RunsOn Roster Readdressed"),
        ("ITrafficGrain", "sensor, federation-admin", "Take"),
        ("ITrafficGrain", OwnersEyes, "Query"),
        ("ITrafficGrain", Service, "Window Progress Newest"),
        ("ISegmentGrain", Owner, "Admit Dismiss"),
        ("ISegmentGrain", OwnersEyes, "Get Paths"),
        ("ISegmentGrain", Service, "Placed Expect Unexpect Forget Delete News Given Rewished Publics Client Attached"),
        ("ISegmentNumbersGrain", Service, "Take GiveBack"),
        ("IRelayGrain", Service, "Told Copy Left"),
        ("IPublicAddressesGrain", Service, "Ask"),
        ("IGroupGrain", OwnersEyes, "Get Detections"),
        ("IGroupGrain", Service, "WindowsCame CatchUp Forget Delete"),
        ("IPlacementGrain", Owner, "Ask CancelJob"),
        ("IPlacementGrain", OwnersEyes, "Pareto Suppose Job"),
        ("IPlacementGrain", Service, "Plans Movable TryAdvice Reevaluate Look Watch PlanStarted PlanEnded Resume VmRemoved VmsLost CountingOn SiteDeleted ForgetWorlds Delete"),
        ("IPlanGrain", Owner, "Apply Cancel"),
        ("IPlanGrain", OwnersEyes, "World"),
        ("IPlanGrain", Sites, "WantApproval"),
        ("IPlanGrain", "tenant, site-admin, other site-admin, federation-admin, auditor", "Get Migrations"),
        ("IPlanGrain", Service, "Propose ApprovalChanged MigrationEnded Supersede Outdate Resume ForgetWorld"),
        ("IWorldGrain", Service, "Keep Get Forget"),
        ("IMigrationGrain", "tenant, site-admin, other site-admin, federation-admin, auditor", "Get"),
        ("IMigrationGrain", Owner, "Cancel"),
        ("IMigrationGrain", Service, "Run GoOn"),
        ("IRetentionGrain", Service, "Keep Sweep"),
        ("ICostGrain", OwnersEyes, "Get"),
        ("ICostGrain", Service, "Look PlanEnded Delete"),
        ("IVmGrain", Sites, "RunsOnHost"),
        ("IVmGrain", Service, "Status NextEpoch Own StartedAs SetLocation Found Place Stays"),
        ("IHostGrain", Service, "Arrived Vms"),
        ("ISiteGrain", ItsSite, "Apply Delete Approve Reject WithdrawApproval CordonHost UncordonHost DrainHost FenceHost RemoveHost ProposeAdvice"),
        ("ISiteGrain", "site-admin, federation-admin, auditor", "Approvals Hosts Figures Advise"),
        ("ISiteGrain", People, "Get"),
        ("ISiteGrain", Service, "Copy Close Admit WouldAdmit Confirm Arrive Cancel BeginLeaving CancelLeaving Depart Release Places Repair ReleaseAll RequestApproval DropApproval HostReported HostOf HostState NetworkOf Gateways MissHosts WriteOff NoteHosts"),
        ("IFederationGrain", People, "Description Sites"),
        ("IFederationGrain", "tenant, other tenant, federation-admin, auditor", "Applications"),
        ("IFederationGrain", Service, "RegisterSite RemoveSite Describe SiteChanged RegisterApplication RemoveApplication SharingAddresses ApplicationsNamed"),
        ("IOverviewGrain", People, "Sites Site Applications Plans Migrations Events"),
        ("IOverviewGrain", "site-admin, other site-admin, federation-admin, auditor", "Hosts"),
        ("IOverviewGrain", "federation-admin, auditor", "Audit"),
        ("IOverviewGrain", "sensor, federation-admin", "Sensed"),
        ("IReevaluationGrain", Service, "Want"),
        ("ISiteWatchGrain", Service, "Look"),
        ("IReconcilerGrain", Admins, "Look"),
        ("IReconcilerGrain", Service, "Start"),
        ("IAgentGrain", "host, federation-admin", "Report Orders Segments Relays Renew Attach"),
        ("IAgentGrain", "site-admin, federation-admin, auditor", "Status"),
        ("IAgentGrain", Service, "Do Watch SegmentChanged Unrenewed Paths Detach Standing"),
        ("IAgentsGrain", Sites, "Register Remove"),
        ("IAgentsGrain", "site-admin, other site-admin, federation-admin, auditor", "List"),
        ("IAgentsGrain", Service, "Find"),
        ("IVmConsoleGrain", Owner, "Log Type"),
        ("IRevocationsGrain", Admins, "Revoke"),
        ("IRevocationsGrain", "federation-admin, auditor", "List"),
        ("IRevocationsGrain", Service, "Since"),
        ("ISensorsGrain", Sites, "Register Remove"),
        ("ISensorsGrain", "site-admin, other site-admin, federation-admin, auditor", "List"),
        ("ISensorsGrain", Service, "Find"));

    /// <summary>The key of a grain that is tenant astro's, or site cheap's; null: there is one grain, with a number.</summary>
    public static string? KeyOf(Type grain) => grain.Name switch
    {
        "IApplicationGrain" => "astro/cg",
        "ITrafficGrain" or "ISegmentGrain" or "IGroupGrain" or "IPlacementGrain" or "IRetentionGrain" or "ICostGrain" => "astro/cg.1",
        "IVmGrain" or "IVmConsoleGrain" => "astro/cg.1/vm1",
        "IPlanGrain" => "astro/cg.1.1",
        "IMigrationGrain" => "astro/cg.1.1.1",
        "ISiteGrain" => "cheap",
        "IHostGrain" or "IAgentGrain" => "cheap/h1",
        "IWorldGrain" => "astro/cg.1/00",
        _ => null,
    };

    private static Dictionary<string, string[]> Rows(params (string Grain, string Who, string Methods)[] rows) => rows
        .SelectMany(row => row.Methods.Split(' ').Select(method => ($"{row.Grain}.{method}", row.Who.Split(", ", StringSplitOptions.RemoveEmptyEntries))))
        .ToDictionary();
}
