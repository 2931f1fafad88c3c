namespace Federation.Silo.Tests.Access;

/// <summary>Who may do what: the table that the service is held against, written out by hand.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">A request's path, about objects that exist wherever a route names one; cg-MOVED stands for the plan that moved cg.</param>
/// <param name="Roles">The holders of <see cref="Making.Tokens.Holders"/> that may; all others get 403.</param>
internal sealed record RouteRow(string Method, string Path, params string[] Roles)
{
    private const string All = "tenant, other tenant, site-admin, other site-admin, federation-admin, auditor";

    /// <summary>By the routes' names. Those of the dashboard are there where it is switched on.</summary>
    public static readonly Dictionary<string, RouteRow> Table = new(Dashboard())
    {
        ["MakePortalLink"] = Row("POST", "/v1/portal/links", All),
        ["ListSites"] = Row("GET", "/v1/sites", All),
        ["GetSite"] = Row("GET", "/v1/sites/cheap", All),
        ["PutSite"] = Row("PUT", "/v1/sites/cheap", "site-admin, federation-admin"),
        ["DeleteSite"] = Row("DELETE", "/v1/sites/cheap", "site-admin, federation-admin"),
        ["DiffSite"] = Row("POST", "/v1/sites/cheap/diff", "site-admin, federation-admin"),
        ["ListApplications"] = Row("GET", "/v1/applications", All),
        ["GetApplication"] = Row("GET", "/v1/applications/cg", "tenant, other tenant, federation-admin, auditor"),
        ["GetCosts"] = Row("GET", "/v1/applications/cg/costs", "tenant, other tenant, federation-admin, auditor"),
        ["PutApplication"] = Row("PUT", "/v1/applications/cg", "tenant, other tenant, federation-admin"),
        ["DiffApplication"] = Row("POST", "/v1/applications/cg/diff", "tenant, other tenant, federation-admin"),
        ["DeleteApplication"] = Row("DELETE", "/v1/applications/gone", "tenant, other tenant, federation-admin"),
        ["ListVms"] = Row("GET", "/v1/vms", All),
        ["GetVm"] = Row("GET", "/v1/applications/cg/vms/vm1", "tenant, other tenant, federation-admin, auditor"),
        ["DeleteVm"] = Row("DELETE", "/v1/applications/cg/vms/gone", "tenant, other tenant, federation-admin"),
        ["GetHostOfVm"] = Row("GET", "/v1/applications/cg/vms/vm1/host", All),
        ["PutHostOfVm"] = Row("PUT", "/v1/applications/cg/vms/vm1/host", "site-admin, other site-admin, federation-admin"),
        ["PostWindows"] = Row("POST", "/v1/windows", "sensor, federation-admin"),
        ["QueryTraffic"] = Row("GET", "/v1/applications/cg/traffic", "tenant, other tenant, federation-admin, auditor"),
        ["GetGroups"] = Row("GET", "/v1/applications/cg/groups", "tenant, other tenant, federation-admin, auditor"),
        ["GetNetwork"] = Row("GET", "/v1/applications/cg/network", "tenant, other tenant, federation-admin, auditor"),
        ["JoinNetwork"] = Row("POST", "/v1/applications/cg/network/clients/laptop", "tenant, other tenant, federation-admin"),
        ["LeaveNetwork"] = Row("DELETE", "/v1/applications/cg/network/clients/gone", "tenant, other tenant, federation-admin"),
        ["MakePlan"] = Row("POST", "/v1/applications/cg/plans", "tenant, other tenant, federation-admin"),
        ["TryPlan"] = Row("POST", "/v1/applications/cg/what-if", "tenant, other tenant, federation-admin, auditor"),
        ["LookAtPareto"] = Row("POST", "/v1/applications/cg/pareto", "tenant, other tenant, federation-admin, auditor"),
        ["ListPlans"] = Row("GET", "/v1/plans", All),
        ["GetPlan"] = Row("GET", "/v1/plans/cg.1.1", All),
        ["GetPlanView"] = Row("GET", "/v1/plans/cg.1.1/view", "tenant, other tenant, federation-admin, auditor"),
        ["GetPlanJob"] = Row("GET", "/v1/plans/cg.1.1/job", "tenant, other tenant, federation-admin, auditor"),
        ["CancelPlanJob"] = Row("DELETE", "/v1/plans/cg.1.1/job", "tenant, other tenant, federation-admin"),
        ["ApplyPlan"] = Row("POST", "/v1/plans/cg.1.1/apply", "tenant, other tenant, federation-admin"),
        ["CancelPlan"] = Row("POST", "/v1/plans/cg.1.1/cancel", "tenant, other tenant, federation-admin"),
        ["ApprovePlan"] = Row("POST", "/v1/plans/cg.1.1/approve?site=cheap", "site-admin, other site-admin, federation-admin"),
        ["RejectPlan"] = Row("POST", "/v1/plans/cg.1.1/reject?site=cheap", "site-admin, other site-admin, federation-admin"),
        ["WithdrawApproval"] = Row("POST", "/v1/plans/cg.1.1/withdraw?site=cheap", "site-admin, other site-admin, federation-admin"),
        ["ListMigrations"] = Row("GET", "/v1/migrations", All),
        ["GetMigration"] = Row("GET", "/v1/migrations/cg-MOVED.1", All),
        ["CancelMigration"] = Row("POST", "/v1/migrations/cg-MOVED.1/cancel", "tenant, other tenant, federation-admin"),
        ["ListEvents"] = Row("GET", "/v1/events", All),
        ["ListSensors"] = Row("GET", "/v1/sensors", "site-admin, other site-admin, federation-admin, auditor"),
        ["RegisterSensor"] = Row("POST", "/v1/sensors", "site-admin, federation-admin"),
        ["RemoveSensor"] = Row("DELETE", "/v1/sensors/gone", "site-admin, other site-admin, federation-admin"),
        ["RemoveSensorNamed"] = Row("DELETE", "/v1/sensors?sensor=gone", "site-admin, other site-admin, federation-admin"),
        ["ListHosts"] = Row("GET", "/v1/hosts", "site-admin, other site-admin, federation-admin, auditor"),
        ["ListHostsOfSite"] = Row("GET", "/v1/sites/cheap/hosts", "site-admin, federation-admin, auditor"),
        ["GetSiteAdvice"] = Row("GET", "/v1/sites/cheap/advice", "site-admin, federation-admin, auditor"),
        ["ProposeSiteAdvice"] = Row("POST", "/v1/sites/cheap/advice", "site-admin, federation-admin"),
        ["GetHost"] = Row("GET", "/v1/sites/cheap/hosts/h1", "site-admin, federation-admin, auditor"),
        ["CordonHost"] = Row("POST", "/v1/sites/cheap/hosts/h1/cordon", "site-admin, federation-admin"),
        ["UncordonHost"] = Row("POST", "/v1/sites/cheap/hosts/h1/uncordon", "site-admin, federation-admin"),
        ["DrainHost"] = Row("POST", "/v1/sites/cheap/hosts/h1/drain", "site-admin, federation-admin"),
        ["FenceHost"] = Row("POST", "/v1/sites/cheap/hosts/h1/fence", "site-admin, federation-admin"),
        ["RegisterHost"] = Row("POST", "/v1/sites/cheap/hosts/h1/token", "site-admin, federation-admin"),
        ["RemoveHost"] = Row("DELETE", "/v1/sites/cheap/hosts/h1", "site-admin, federation-admin"),
        ["ReportHost"] = Row("POST", "/v1/hosts/self/report", "host, other host, federation-admin"),
        ["ListOrdersOfHost"] = Row("GET", "/v1/hosts/self/orders", "host, other host"),
        ["ListSegmentsOfHost"] = Row("POST", "/v1/hosts/self/segments", "host, other host, federation-admin"),
        ["ListRelaysOfHost"] = Row("POST", "/v1/hosts/self/relays", "host, other host, federation-admin"),
        ["AttachClient"] = Row("POST", "/v1/clients/self", "host, other host, federation-admin"),
        ["RenewGateway"] = Row("POST", "/v1/hosts/self/renewal", "host, other host"),
        ["GetLogOfVm"] = Row("GET", "/v1/applications/cg/vms/vm1/log", "tenant, other tenant, federation-admin"),
        ["TypeAtVm"] = Row("POST", "/v1/applications/cg/vms/vm1/console", "tenant, other tenant, federation-admin"),
        ["ListRevocations"] = Row("GET", "/v1/revocations", "federation-admin, auditor"),
        ["RevokeToken"] = Row("PUT", "/v1/revocations/0123456789abcdef0123456789abcdef", "federation-admin"),
        ["Doctor"] = Row("POST", "/v1/doctor", "federation-admin"),
        ["ListAudit"] = Row("GET", "/v1/audit", "federation-admin, auditor"),
        ["GetMetrics"] = Row("GET", "/metrics", "federation-admin, auditor"),
        ["ListVmsOfSensor"] = Row("GET", "/v1/sensors/self/vms", "sensor"),
    };

    /// <summary>Routes of things that are one tenant's: another tenant's request is told that there is no such thing.</summary>
    public bool IsOfATenant =>
        (Path.Contains("/cg", StringComparison.Ordinal) && this is not { Method: "PUT", Path: "/v1/applications/cg" } and not { Path: "/v1/applications/cg/diff" }) || Path == "/v1/applications/gone";

    /// <summary>Whether it is open to no role at all.</summary>
    public bool IsClosed => Roles is ["nobody"];

    /// <summary>A body that passes access and changes nothing, or makes again what a row before took away.</summary>
    public string? Body => Method switch
    {
        "POST" when Path == "/v1/sensors" => """{ "sensor": "gone", "site": "cheap" }""",
        "POST" when (Path.EndsWith("/plans", StringComparison.Ordinal) || Path.EndsWith("/pareto", StringComparison.Ordinal) || Path.EndsWith("/what-if", StringComparison.Ordinal)) => """{ "windows": 0 }""",
        "POST" or "PUT" => "{}",
        _ => null,
    };

    // Two ways in are closed to all: the state of any grain, and the log.
    private static IEnumerable<KeyValuePair<string, RouteRow>> Dashboard() =>
    [
        .. ((string[])[
            "", "index.html", "favicon.ico", "index.min.js", "index.css", "fonts/fa-solid-900.woff2", "img/OrleansLogo.png", "version", "DashboardCounters",
            "ClusterStats", "Reminders", "Reminders/1", "HistoricalStats/127.0.0.1:1@1", "SiloProperties/127.0.0.1:1@1", "SiloMetadata/127.0.0.1:1@1",
            "LifecycleStages", "SiloStats/127.0.0.1:1@1", "SiloCounters/127.0.0.1:1@1", "GrainStats/SiteGrain", "TopGrainMethods", "GrainTypes",
        ]).Select(page => OfDashboard(page, "federation-admin, auditor")),
        OfDashboard("GrainState", "nobody"), OfDashboard("Trace", "nobody"),
    ];

    private static KeyValuePair<string, RouteRow> OfDashboard(string page, string roles) =>
        new($"Dashboard/{(page.Contains('/', StringComparison.Ordinal) ? page[..(page.IndexOf('/', StringComparison.Ordinal) + 1)] : page)}", Row("GET", $"/dashboard/{page}", roles));

    private static RouteRow Row(string method, string path, string roles) => new(method, path, roles.Split(", "));
}
