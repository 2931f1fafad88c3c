using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Audit;
using Federation.Domain.Refusals;

namespace Federation.Grains.Access;

/// <summary>Lets a grain call in when a silo vouches for it or its token is good, and its method is open to whoever makes it; writes changes into the audit log.</summary>
/// <remarks>All calls pass here, also those to Orleans' own grains and between the silos' runtimes.</remarks>
public sealed class GrainAccess(ServiceKey key, ICallerTokens tokens, IAuditLog audit, TimeProvider clock) : IIncomingGrainCallFilter
{
    private readonly RefusalBudget refusals = new(clock);

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (RequestContext.Get(ServiceProof.Key) is ServiceProof proof && proof.IsGood(key, context))
        {
            return proof.Caller is { } caller ? InvokeFor(caller, proof.From ?? "", context) : InvokeForService(context);
        }

        return IsTimer(context) || GrainRule.Of(context.InterfaceMethod).IsOpenToAll ? InvokeForService(context) : InvokeWithToken(context);
    }

    private static Task InvokeForService(IIncomingGrainCallContext context)
    {
        CallerContext.Set(null);
        return context.Invoke();
    }

    // A tick is a message from a grain to itself. Its type cannot be read from a connection: there is no serializer for it.
    private static bool IsTimer(IIncomingGrainCallContext context) =>
        context.Request.GetType() is { DeclaringType: { FullName: "Orleans.Runtime.GrainTimer" } timer } && timer.Assembly == typeof(ISiloStatusOracle).Assembly;

    private async Task InvokeWithToken(IIncomingGrainCallContext context)
    {
        var from = $"gateway client {context.SourceId}";
        var verdict = CallerToken.Current is { } token ? await tokens.Verify(token) : new TokenVerdict(null, "the call has neither a silo's word nor a token");
        if (verdict.Caller is not { } caller)
        {
            await Refuse("nobody", from, context, verdict.Refusal ?? "the token is not good");
            return;
        }

        await InvokeFor(caller, from, context);
    }

    private Task InvokeFor(Caller caller, string from, IIncomingGrainCallContext context)
    {
        var rule = GrainRule.Of(context.InterfaceMethod);
        if (rule.Refusal(caller, context) is { } reason)
        {
            return Refuse($"{caller}", from, context, reason);
        }

        CallerContext.Set(caller);
        return rule.Changes ? InvokeChange($"{caller}", from, context) : context.Invoke();
    }

    // What cannot be written into the log is not begun.
    private async Task InvokeChange(string who, string from, IIncomingGrainCallContext context)
    {
        await Note(who, from, context, AuditOutcome.Begun, "");
        try
        {
            await context.Invoke();
        }
        catch (AccessDeniedException denied)
        {
            await Note(who, from, context, AuditOutcome.Refused, denied.Message);
            throw;
        }
        catch (Exception fault)
        {
            await Note(who, from, context, AuditOutcome.Failed, fault.GetType().Name);
            throw;
        }

        var refusal = context.Result switch
        {
            IChangeAnswer answer => answer.Refusal,
            Verdict { Refusal: { } no } => RefusalText.Of(no),
            _ => null,
        };
        await Note(who, from, context, refusal is null ? AuditOutcome.Done : AuditOutcome.Refused, refusal ?? "");
    }

    private async Task Refuse(string who, string from, IIncomingGrainCallContext context, string reason)
    {
        if (refusals.Spend(out var before))
        {
            await Note(who, from, context, AuditOutcome.Refused, before == 0 ? reason : $"{reason} (and {before} refused calls before it that are not in this log)");
        }

        throw new AccessDeniedException($"{who} may not call {ActionOf(context)}: {reason}");
    }

    private Task<AuditRecord> Note(string who, string from, IIncomingGrainCallContext context, AuditOutcome outcome, string detail) =>
        audit.Append(new(clock.GetUtcNow(), $"{who} from {from}", ActionOf(context), $"{context.TargetId}", outcome, detail), CancellationToken.None);

    // As Site.Apply.
    private static string ActionOf(IIncomingGrainCallContext context)
    {
        var name = context.InterfaceMethod.DeclaringType!.Name;
        return $"{(GrainRule.IsOurs(context.InterfaceMethod) ? name[1..^"Grain".Length] : name)}.{context.MethodName}";
    }
}

/// <summary>Tells whose a token is.</summary>
public interface ICallerTokens
{
    /// <summary>Looks at a token that came with a grain call: its signature, its time, and whether it was taken back.</summary>
    ValueTask<TokenVerdict> Verify(string token);
}

/// <summary>What was found of a token.</summary>
/// <param name="Caller">Whose it is; null: it is not good.</param>
/// <param name="Refusal">Why it is not good, without anything that it says; null if it is.</param>
public readonly record struct TokenVerdict(Caller? Caller, string? Refusal);
