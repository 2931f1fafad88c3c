using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Access;

/// <summary>Finds out what a request is about, from the names in its route: the one place where text becomes an identifier.</summary>
/// <remarks>A bare name is that of the caller's only tenant, or of the only application of that name that the caller sees; <c>?tenant=</c> tells otherwise.</remarks>
internal sealed class RequestTargets(IGrainFactory grains, RecentNames recent)
{
    /// <summary>The object of a request.</summary>
    public async Task<RequestTarget> Of(HttpContext context, Caller caller)
    {
        var values = context.GetRouteData().Values;
        if (values.TryGetValue("site", out var site))
        {
            return new("site", $"{site}", Advice.Sites) { Site = new SiteId($"{site}") };
        }

        return values.TryGetValue("app", out var app) ? await OfApplication(context, caller, Decoded(app))
            : values.TryGetValue("plan", out var plan) ? await AskedPlan(Decoded(plan), TenantOf(context), caller)
            : values.TryGetValue("migration", out var migration) ? await OfMigration(context, caller, Decoded(migration))
            : new("", "", null);
    }

    /// <summary>The application that a list is asked for by <c>application=</c>, and perhaps <c>tenant=</c>; none: all.</summary>
    public async Task<(AppId? Application, IResult? Refusal)> Asked(string? application, string? tenant, Caller caller)
    {
        if (application is null)
        {
            return (null, null);
        }

        var target = new RequestTarget("application", application, Advice.Applications);
        IReadOnlyList<AppId> found = AppId.TryParse(application, out var named)
            ? [.. (await Find(WithTenant(named, tenant), caller)).Where(one => MaySee(one, caller))]
            : [];
        return found is [var one] ? (one, null) : (null, (target with { IsMissing = found.Count == 0, Meanings = found }).Refusal());
    }

    /// <summary>The plan that a list is asked for by <c>plan=</c>, and perhaps <c>tenant=</c>.</summary>
    public async Task<RequestTarget> AskedPlan(string text, string? tenant, Caller caller)
    {
        var target = new RequestTarget("plan", text, Advice.Plans);
        if (!PlanId.TryParse(text, out var plan))
        {
            return target with { IsMissing = true };
        }

        target = await InPresentLife(plan.Application, tenant, caller, target);
        return target.Application is { } application ? target with { Plan = new PlanId(application, plan.Number) } : target;
    }

    /// <summary>The applications that a name can mean for a caller, whole ones; with its tenant's before it the one there is, whoever sees it.</summary>
    public async Task<IReadOnlyList<AppId>> Find(AppId named, Caller caller)
    {
        CallOrigin.Current = CallOrigin.Service;
        named = OfOnlyTenant(named, caller);
        if (!string.IsNullOrEmpty(named.Tenant.Value))
        {
            return await grains.Application(named).Identity() is { } one ? [one] : [];
        }

        var all = await grains.Federation().ApplicationsNamed(named.Name);
        if (all is [var only])
        {
            recent.Note(only);
        }

        return [.. all.Where(one => MaySee(one, caller))];
    }

    /// <summary>How the application of a request stands; null: there is none.</summary>
    /// <remarks>For routes with <see cref="ReadsItsTarget"/>.</remarks>
    public async Task<ApplicationStatus?> Status(HttpContext context)
    {
        var target = context.Target();
        if (await grains.Application(context.Application()).Get() is { } status)
        {
            return status;
        }

        // The name may mean another one since this silo last looked.
        return target.IsRecent && await Find(new(default, target.Application!.Value.Name), context.Caller()) is [var other] && other != target.Application
            ? await grains.Application(other).Get()
            : null;
    }

    private static AppId OfOnlyTenant(AppId named, Caller caller) =>
        string.IsNullOrEmpty(named.Tenant.Value) && caller is { SeesAll: false, Tenants: [var only] } && !caller.Has(Role.SiteAdmin)
            ? named with { Tenant = only }
            : named;

    // What the grain of the application itself answers, without a look-up before it; null: a look-up is needed.
    private RequestTarget? OfReading(AppId named, Caller caller, RequestTarget target) => OfOnlyTenant(named, caller) switch
    {
        { Tenant.Value: { Length: > 0 } } whole when caller.Sees(whole.Tenant) => target with { Application = whole },
        { Tenant.Value: null or "" } when caller.SeesAll && recent.Of(named.Name) is { } known => target with { Application = known, IsRecent = true },
        _ => null,
    };

    private static bool MaySee(AppId application, Caller caller) => caller.Sees(application.Tenant) || caller.Has(Role.SiteAdmin);

    private async Task<RequestTarget> OfApplication(HttpContext context, Caller caller, string text)
    {
        var target = new RequestTarget("application", text, Advice.Applications);
        if (context.GetEndpoint()!.Metadata.GetMetadata<MakesItsTarget>() is not null)
        {
            // Whose it is, the body says.
            return target;
        }

        if (!AppId.TryParse(text, out var named) || named.Incarnation > 0)
        {
            return target with { IsMissing = true };
        }

        named = WithTenant(named, TenantOf(context));
        if (context.GetEndpoint()!.Metadata.GetMetadata<ReadsItsTarget>() is not null && OfReading(named, caller, target) is { } itself)
        {
            return itself;
        }

        return await Find(named, caller) switch
        {
            [var found] => target with { Application = found },
            [] => target with { IsMissing = true },
            var several => target with { Meanings = several },
        };
    }

    private async Task<RequestTarget> OfMigration(HttpContext context, Caller caller, string text)
    {
        var target = new RequestTarget("migration", text, Advice.Migrations);
        if (!MigrationId.TryParse(text, out var migration))
        {
            return target with { IsMissing = true };
        }

        target = await InPresentLife(migration.Plan.Application, TenantOf(context), caller, target);
        return target.Application is { } application
            ? target with { Migration = new MigrationId(new(application, migration.Plan.Number), migration.Step) }
            : target;
    }

    // What belongs to a life that has ended is nobody's any more.
    private async Task<RequestTarget> InPresentLife(AppId application, string? tenant, Caller caller, RequestTarget target)
    {
        var found = await Find(WithTenant(application.Named, tenant), caller);
        return found.Where(known => known.Incarnation == application.Incarnation).ToList() switch
        {
            [var one] => target with { Application = one },
            [] => target with { IsMissing = true },
            var several => target with { Meanings = several },
        };
    }

    private static string TenantOf(HttpContext context) => context.Request.Query["tenant"].ToString();

    private static AppId WithTenant(AppId named, string? tenant) => string.IsNullOrEmpty(tenant) ? named : named with { Tenant = new(tenant) };

    // The server leaves an escaped slash as it is.
    private static string Decoded(object? value) => Uri.UnescapeDataString($"{value}");
}

/// <summary>The object of a request.</summary>
/// <param name="Kind">What it is: application, plan, migration or site; empty: the request is about no single object.</param>
/// <param name="Name">Its name, as the request has it.</param>
/// <param name="Remedy">Where to look for those that exist; null: it is about none.</param>
internal sealed record RequestTarget(string Kind, string Name, Advice? Remedy)
{
    /// <summary>The site; null: it is about none.</summary>
    public SiteId? Site { get; init; }

    /// <summary>The application, in its present incarnation; null: it is about none, or there is none.</summary>
    /// <remarks>Of a route that <see cref="ReadsItsTarget"/> the incarnation may be missing or past: its grain knows.</remarks>
    public AppId? Application { get; init; }

    /// <summary>Whether the application is the one that its bare name meant a moment ago.</summary>
    public bool IsRecent { get; init; }

    /// <summary>The plan; null: it is about none.</summary>
    public PlanId? Plan { get; init; }

    /// <summary>The migration; null: it is about none.</summary>
    public MigrationId? Migration { get; init; }

    /// <summary>Whether it does not exist and the request does not make it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>What the name can mean where it is more than one thing.</summary>
    public IReadOnlyList<AppId> Meanings { get; init; } = [];

    /// <summary>What access goes by.</summary>
    public AccessTarget Access => new(Application?.Tenant, Site);

    /// <summary>That there is no such object.</summary>
    public IResult NotFound() => Problems.NotFound(Kind, Name, Remedy);

    /// <summary>Why the request cannot go on; null if it can.</summary>
    public IResult? Refusal() => IsMissing ? NotFound()
        : Meanings.Count > 0 ? Problems.Conflict(
            $"'{Name}' can be of {string.Join(" or ", Meanings.Select(meaning => $"{meaning.Tenant}"))}", Advice.Tenant(Name))
        : null;
}

/// <summary>Marks a route that makes the object that it names, if there is none.</summary>
internal sealed class MakesItsTarget;

/// <summary>Marks a route that asks nothing but the grain of its application, which knows its present incarnation.</summary>
internal sealed class ReadsItsTarget;

/// <summary>How routes get at what <see cref="AccessMiddleware"/> has found out.</summary>
internal static class RequestTargetFeature
{
    /// <summary>The object of this request.</summary>
    public static RequestTarget Target(this HttpContext context) => context.Features.Get<RequestTarget>()
        ?? throw new InvalidOperationException($"nobody has found out what {context.Request.Path} is about");

    /// <summary>The application that this request is about.</summary>
    public static AppId Application(this HttpContext context) => context.Target().Application
        ?? throw new InvalidOperationException($"{context.Request.Path} is about no application");
}
