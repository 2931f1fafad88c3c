using Federation.Api;

namespace Federation.Silo.Http;

/// <summary>What helps somebody who was refused something: in words for those who speak HTTP, and as a code for programs that have words of their own.</summary>
/// <param name="InHttp">What to send, or where to look; without a full stop.</param>
/// <param name="Remedy">The same for programs.</param>
internal sealed record Advice(string InHttp, Remedy Remedy)
{
    public static readonly Advice Sites = List(RemedyKind.Site);
    public static readonly Advice Applications = List(RemedyKind.Application);
    public static readonly Advice Plans = List(RemedyKind.Plan);
    public static readonly Advice Migrations = List(RemedyKind.Migration);
    public static readonly Advice Sensors = List(RemedyKind.Sensor);

    public static readonly Advice Hosts = List(RemedyKind.Host);

    public static readonly Advice Token = new(
        "send the header 'Authorization: Bearer TOKEN' with a token of the service's issuer, or, embedded, of the file 'token' in its data folder",
        new(RemedyCode.GiveToken));

    public static readonly Advice Page = new("take it from the Link header of the page before", new(RemedyCode.TakeFromPage));

    public static Advice VmsOf(string application) =>
        new($"GET /v1/vms?application={application} lists them", new(RemedyCode.List, RemedyKind.Vm, application));

    public static Advice JobOf(string plan) => new($"see GET /v1/plans/{plan}/job", new(RemedyCode.WaitForPlan, RemedyKind.Plan, plan));

    public static Advice Cancel(string plan) =>
        new($"to cancel the plan itself, POST /v1/plans/{plan}/cancel", new(RemedyCode.CancelPlan, RemedyKind.Plan, plan));

    public static Advice Tenant(string name) => new("say which with ?tenant=, or TENANT/NAME", new(RemedyCode.SayTenant, Name: name));

    public static Advice Site(string sites) => new($"say for which site with site=SITE: {sites}", new(RemedyCode.SaySite, Name: sites));

    public static Advice Silo(string site) => new("start one there, GET /v1/sites shows who is online", new(RemedyCode.StartSilo, RemedyKind.Site, site));

    public static Advice Description(string inHttp) => new(inHttp, new(RemedyCode.MatchReleases));

    /// <summary>To look, before a change is asked for again, at what it was about.</summary>
    /// <param name="path">An address below <c>/v1</c>.</param>
    public static Advice Look(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var kind = KindOf(parts.ElementAtOrDefault(1));
        return new($"look with GET {path} before you try again", new(RemedyCode.Look, kind, kind is null ? null : Decoded(parts.ElementAtOrDefault(2))));
    }

    private static RemedyKind? KindOf(string? part) =>
        Enum.GetValues<RemedyKind>().Where(kind => Part(kind) == part).Select(kind => (RemedyKind?)kind).FirstOrDefault();

    private static string? Decoded(string? part) => part is null ? null : Uri.UnescapeDataString(part);

    private static string Part(RemedyKind kind) => $"{kind}s".ToLowerInvariant();

    private static Advice List(RemedyKind kind) => new($"GET /v1/{Part(kind)} lists them", new(RemedyCode.List, kind));
}
