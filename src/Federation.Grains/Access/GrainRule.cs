using System.Collections.Concurrent;
using System.Reflection;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Grains.Placing;

namespace Federation.Grains.Access;

/// <summary>What is known of a grain's method as to who may call it.</summary>
/// <param name="Access">Who may; null: the service alone.</param>
/// <param name="Changes">Whether calls of persons and programs go into the audit log.</param>
/// <param name="IsOpenToAll">Whether a call needs neither proof nor token.</param>
internal sealed record GrainRule(AccessRule? Access, bool Changes, bool IsOpenToAll)
{
    private static readonly ConcurrentDictionary<MethodInfo, GrainRule> Known = new();

    /// <summary>The rule of a method of an interface.</summary>
    public static GrainRule Of(MethodInfo method) => Known.GetOrAdd(method, Read);

    /// <summary>Whether a method is of the federation's own grains, not of Orleans'.</summary>
    public static bool IsOurs(MethodInfo method) => method.DeclaringType?.Assembly == typeof(OpenToAttribute).Assembly;

    /// <summary>Why a caller may not call; null if it may.</summary>
    public string? Refusal(Caller caller, IIncomingGrainCallContext context)
    {
        if (Access is null)
        {
            return "it is for the service's grains alone";
        }

        if (Access.Grants(caller))
        {
            return null;
        }

        return TargetOf(context) is not { } target ? "its key is no name of such a thing" : Access.Check(caller, target) switch
        {
            Admission.Granted => null,
            Admission.Hidden => "it belongs to another tenant",
            Admission.Forbidden forbidden => forbidden.Reason,
            var other => throw new InvalidOperationException($"access ended in {other}"),
        };
    }

    private static GrainRule Read(MethodInfo method)
    {
        var open = method.GetCustomAttribute<OpenToAttribute>();
        return new(open?.Rule, open?.Changes == true, IsManifest(method.DeclaringType));
    }

    // A program at a gateway asks for the list of grain types before it can call anything; the list is no secret.
    private static bool IsManifest(Type? type) =>
        type is { FullName: "Orleans.Runtime.IClusterManifestSystemTarget" } && type.Assembly.GetName().Name == "Orleans.Core";

    // Null: the key is not written as the service writes it. Another way to write it would be another grain for the same thing.
    private static AccessTarget? TargetOf(IIncomingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString()!;
        return context.Grain switch
        {
            IApplicationGrain => AppId.TryParse(key, out var id) && id.Named.Key == key ? new(id.Tenant, null) : null,
            ITrafficGrain or IPlacementGrain or IGroupGrain or ISegmentGrain or IRetentionGrain => AppId.TryParse(key, out var id) && id.Key == key ? new(id.Tenant, null) : null,
            IVmGrain or IVmConsoleGrain => VmRef.TryParse(key, out var vm) && vm.Key == key ? new(vm.Application.Tenant, null) : null,
            IPlanGrain => PlanId.TryParse(key, out var plan) && plan.Key == key ? new(plan.Application.Tenant, null) : null,
            IMigrationGrain => MigrationId.TryParse(key, out var migration) && migration.Key == key ? new(migration.Plan.Application.Tenant, null) : null,
            IAgentGrain => GrainKeys.TryParseHost(key) is { } host ? new(null, host.Site, host) : null,
            ISiteGrain or IHostGrain => new(null, SiloSites.SiteOf(context.TargetId)),
            _ => default(AccessTarget),
        };
    }
}
