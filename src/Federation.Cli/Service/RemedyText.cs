using Federation.Api;

namespace Federation.Cli.Service;

/// <summary>Says what helps after a "no" of the service by the command that does it.</summary>
internal static class RemedyText
{
    /// <summary>The clause, without a full stop; null: there is nothing to say, or the code is of a newer service.</summary>
    public static string? Of(string? code, string? kind, string? name) => Enum.TryParse<RemedyCode>(code, ignoreCase: true, out var known)
        ? Of(new Remedy(known, Enum.TryParse<RemedyKind>(kind, ignoreCase: true, out var about) ? about : null, name))
        : null;

    /// <summary>The same for a remedy that was read.</summary>
    public static string? Of(Remedy remedy) => remedy.Code switch
    {
        RemedyCode.List => $"'{ListOf(remedy.Kind, remedy.Name)}' lists them",
        RemedyCode.Look when remedy.Kind is { } kind => $"look with '{OneOf(kind, remedy.Name)}' before you try again",
        RemedyCode.Look => "look before you try again",
        RemedyCode.SayTenant => $"say which by its tenant, TENANT/{remedy.Name}",
        RemedyCode.SaySite => $"say which one with --site: {remedy.Name}",
        RemedyCode.WaitForPlan => $"'fedctl plan wait {remedy.Name}' waits for it",
        RemedyCode.CancelPlan => $"'fedctl plan cancel {remedy.Name}' cancels the plan itself",
        RemedyCode.StartSilo => "start a silo there; 'fedctl site list' shows which sites are online",
        RemedyCode.TakeFromPage => "take it from the end of the page before",
        RemedyCode.MatchReleases => "this fedctl and the service are of different releases: use the fedctl of the service's",
        // Where tokens come from is said with where this one came from.
        RemedyCode.GiveToken => null,
        _ => null,
    };

    private static string ListOf(RemedyKind? kind, string? name) => kind switch
    {
        RemedyKind.Site => "fedctl site list",
        RemedyKind.Vm => name is null ? "fedctl vm list" : $"fedctl vm list --app {name}",
        RemedyKind.Plan => "fedctl plan list",
        RemedyKind.Migration => "fedctl migration list",
        RemedyKind.Sensor => "fedctl sensor list",
        RemedyKind.Host => "fedctl host list",
        RemedyKind.Revocation => "fedctl token revoked",
        _ => "fedctl app list",
    };

    private static string OneOf(RemedyKind kind, string? name) => (kind, name) switch
    {
        (RemedyKind.Site, { } site) => $"fedctl site get {site}",
        (RemedyKind.Application, { } application) => $"fedctl app get {application}",
        (RemedyKind.Plan, { } plan) => $"fedctl plan get {plan}",
        (RemedyKind.Migration, { } migration) => $"fedctl migration get {migration}",
        _ => ListOf(kind, null),
    };
}
