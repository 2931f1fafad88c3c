using System.Collections.Concurrent;
using System.Reflection;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Audit;
using Federation.Domain.Identity;
using Federation.Grains.Placing;

namespace Federation.Grains.Access;

/// <summary>Holds every call that comes from outside the grains against its method's <see cref="OpenToAttribute"/>: the second look, after the API's.</summary>
/// <remarks>Calls from grain to grain pass: they are steps of something that was looked at when it came in.</remarks>
public sealed class GrainAccess(IAuditLog audit, TimeProvider clock) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, AccessRule?> Rules = new();

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (IsFromOutside(context) && Refusal(context) is { } reason)
        {
            var (who, method) = (CallerContext.Current?.ToString() ?? "nobody", $"{context.InterfaceMethod.DeclaringType!.Name}.{context.MethodName}");
            await audit.Append(new(clock.GetUtcNow(), who, method, $"{context.TargetId}", AuditOutcome.Refused, reason), CancellationToken.None);
            throw new AccessDeniedException($"{who} may not call {method}: {reason}");
        }

        await context.Invoke();
    }

    private static bool IsFromOutside(IIncomingGrainCallContext context) =>
        context.InterfaceMethod.DeclaringType?.Assembly == typeof(OpenToAttribute).Assembly && (context.SourceId is not { } source || source.IsClient());

    private static string? Refusal(IIncomingGrainCallContext context)
    {
        if (CallerContext.Current is not { } caller)
        {
            return "the call does not say who makes it";
        }

        if (caller.Has(Role.Service))
        {
            return null;
        }

        if (Rules.GetOrAdd(context.InterfaceMethod, method => method.GetCustomAttribute<OpenToAttribute>()?.Rule) is not { } rule)
        {
            return "it is for the service's grains alone";
        }

        return rule.Check(caller, rule.Grants(caller) ? default : Target(context)) switch
        {
            Admission.Granted => null,
            Admission.Hidden => "it belongs to another tenant",
            Admission.Forbidden forbidden => forbidden.Reason,
            var other => throw new InvalidOperationException($"access ended in {other}"),
        };
    }

    private static AccessTarget Target(IIncomingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString()!;
        return context.Grain switch
        {
            ApplicationGrain or TrafficGrain or PlacementGrain or GroupGrain or RetentionGrain => new(AppId.Parse(key).Tenant, null),
            VmGrain => new(VmRef.Parse(key).Application.Tenant, null),
            PlanGrain => new(PlanId.Parse(key).Application.Tenant, null),
            MigrationGrain => new(MigrationId.Parse(key).Plan.Application.Tenant, null),
            SiteGrain or HostGrain => new(null, SiloSites.SiteOf(context.TargetId)),
            _ => default,
        };
    }
}
