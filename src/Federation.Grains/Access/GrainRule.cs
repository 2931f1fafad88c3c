using System.Collections.Concurrent;
using System.Reflection;
using Federation.Contracts.Access;
using Federation.Domain.Access;

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

        if (!GrainTargets.Knows(context.InterfaceMethod.DeclaringType!))
        {
            return "nobody has said whose such a grain is";
        }

        return GrainTargets.Of(context.InterfaceMethod.DeclaringType!, context.TargetId) is not { } target ? "its key is no name of such a thing" : Access.Check(caller, target) switch
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
}
