using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Silo.Http;

namespace Federation.Silo.Access;

/// <summary>Finds out what a request is about, from the names in its route.</summary>
internal sealed class RequestTargets(IGrainFactory grains)
{
    /// <summary>The object of a request. Nobody is asked for a caller who sees everything anyhow.</summary>
    public async Task<RequestTarget> Of(HttpContext context, Caller caller)
    {
        CallerContext.Current = Caller.Service;
        var values = context.GetRouteData().Values;
        if (values.TryGetValue("site", out var site))
        {
            return new("site", $"{site}", Remedy.Sites, new(null, new SiteId($"{site}")), IsMissing: false);
        }

        var (kind, name, remedy) =
            values.TryGetValue("app", out var app) ? ("application", $"{app}", Remedy.Applications)
            : values.TryGetValue("plan", out var plan) ? ("plan", $"{plan}", Remedy.Plans)
            : values.TryGetValue("migration", out var migration) ? ("migration", $"{migration}", Remedy.Migrations)
            : ("", "", "");
        if (kind.Length == 0 || caller.SeesAll)
        {
            return new(kind, name, remedy, default, IsMissing: false);
        }

        var owner = await OwnerOf(kind, name);
        var mayBeMade = context.GetEndpoint()!.Metadata.GetMetadata<MakesItsTarget>() is not null;
        return new(kind, name, remedy, new(owner, null), IsMissing: owner is null && !mayBeMade);
    }

    /// <summary>Whose plan it is by its name: the application's, a dash, and a number.</summary>
    public static AppId ApplicationOf(string plan) => new(plan.LastIndexOf('-') is > 0 and var dash ? plan[..dash] : plan);

    private async Task<TenantId?> OwnerOf(string kind, string name) => kind switch
    {
        "application" => await grains.OwnerOf(new AppId(name)),
        "plan" => await grains.OwnerOf(ApplicationOf(name)),
        _ => (await grains.Migration(name).Get())?.Tenant,
    };
}

/// <summary>The object of a request.</summary>
/// <param name="Kind">What it is: application, plan, migration or site; empty: the request is about no single object.</param>
/// <param name="Name">Its name.</param>
/// <param name="Remedy">Where to look for those that exist.</param>
/// <param name="Access">What access goes by.</param>
/// <param name="IsMissing">Whether it does not exist and the request does not make it.</param>
internal readonly record struct RequestTarget(string Kind, string Name, string Remedy, AccessTarget Access, bool IsMissing)
{
    /// <summary>That there is no such object.</summary>
    public IResult NotFound() => Problems.NotFound(Kind, Name, Remedy);
}

/// <summary>Marks a route that makes the object that it names, if there is none.</summary>
internal sealed class MakesItsTarget;
