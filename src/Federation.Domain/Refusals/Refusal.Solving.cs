using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// What keeps a plan from being made.
public sealed partial record Refusal
{
    /// <summary>As many plans of the tenant wait to be worked out as may on one silo.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="limit">How many may.</param>
    /// <param name="again">After about which time one of them may have begun.</param>
    public static Refusal PlansOfTenantWaiting(TenantId tenant, int limit, TimeSpan again) =>
        new(RefusalCode.PlansOfTenantWaiting, new() { Tenant = tenant, Limit = limit, Needed = again.TotalSeconds });

    /// <summary>As many plans of all tenants wait to be worked out as may on one silo.</summary>
    public static Refusal PlansWaiting(int limit, TimeSpan again) => new(RefusalCode.PlansWaiting, new() { Limit = limit, Needed = again.TotalSeconds });

    /// <summary>As many applications wait to be looked at by the service itself as may on one silo.</summary>
    public static Refusal LooksWaiting(int limit, TimeSpan again) => new(RefusalCode.LooksWaiting, new() { Limit = limit, Needed = again.TotalSeconds });

    /// <summary>It was asked for, and something failed while it was worked out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="fault">What sort of fault; the service's log says more.</param>
    public static Refusal PlanNotMade(string plan, string fault) => new(RefusalCode.PlanNotMade, new() { Plan = plan, Detail = fault });

    /// <summary>It is made already: there is no work left to cancel.</summary>
    public static Refusal PlanMade(string plan) => new(RefusalCode.PlanMade, new() { Plan = plan });

    /// <summary>After about which time what was refused because too much waits may pass; null: it was refused for something else.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TimeSpan? Again => Code is RefusalCode.PlansOfTenantWaiting or RefusalCode.PlansWaiting or RefusalCode.LooksWaiting
        ? TimeSpan.FromSeconds(Arguments.Needed!.Value)
        : null;
}
