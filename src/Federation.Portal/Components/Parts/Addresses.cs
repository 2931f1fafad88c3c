using Federation.Domain.Identity;

namespace Federation.Portal.Components.Parts;

/// <summary>Where the page of something is.</summary>
internal static class Addresses
{
    /// <summary>Of an application, whichever of its lives.</summary>
    public static string Of(AppId application) => $"/portal/applications/{Uri.EscapeDataString(application.Tenant.Value)}/{Uri.EscapeDataString(application.Name)}";

    /// <summary>Of a plan.</summary>
    public static string Of(PlanId plan) => $"/portal/plans/{Uri.EscapeDataString(plan.Application.Tenant.Value)}/{plan.Local}";

    /// <summary>Of a site.</summary>
    public static string Of(SiteId site) => $"/portal/sites/{Uri.EscapeDataString(site.Value)}";
}
