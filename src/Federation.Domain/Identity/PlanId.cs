using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Federation.Domain.Identity;

/// <summary>A plan: whose placement it is, and the how-manieth of that incarnation. Text form <c>astro/cg.3.12</c>.</summary>
/// <param name="Application">The application.</param>
/// <param name="Number">Counts an incarnation's plans from 1.</param>
public readonly record struct PlanId(AppId Application, int Number) : IComparable<PlanId>
{
    /// <summary>The form that reads back.</summary>
    public string Key => $"{Application.Key}.{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Without the tenant, for callers who have one: <c>cg.3.12</c>.</summary>
    public string Local => new PlanId(Application with { Tenant = new("") }, Number).Key;

    /// <summary>Reads a <see cref="Key"/>, or a <see cref="Local"/> one: then the tenant is empty.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PlanId plan)
    {
        plan = DottedKey.TryCut(text, out var front, out var number) && AppId.TryParse(front, out var application) && application.Incarnation > 0
            ? new(application, number)
            : default;
        return plan != default;
    }

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static PlanId Parse(string text) =>
        TryParse(text, out var plan) ? plan : throw new FormatException($"'{text}' is not TENANT/APPLICATION.INCARNATION.NUMBER");

    /// <summary>By application, then by number.</summary>
    public int CompareTo(PlanId other) =>
        Application.CompareTo(other.Application) is not 0 and var byApplication ? byApplication : Number.CompareTo(other.Number);

    /// <inheritdoc cref="Key"/>
    public override string ToString() => Key;
}

/// <summary>One live move: a step of a plan. Text form <c>astro/cg.3.12.2</c>.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Step">The step, counted from 1 over all that the plan ever ordered.</param>
public readonly record struct MigrationId(PlanId Plan, int Step) : IComparable<MigrationId>
{
    /// <summary>The form that reads back.</summary>
    public string Key => $"{Plan.Key}.{Step.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Without the tenant, for callers who have one: <c>cg.3.12.2</c>.</summary>
    public string Local => $"{Plan.Local}.{Step.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads a <see cref="Key"/>, or a <see cref="Local"/> one: then the tenant is empty.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MigrationId migration)
    {
        migration = DottedKey.TryCut(text, out var front, out var step) && PlanId.TryParse(front, out var plan) ? new(plan, step) : default;
        return migration != default;
    }

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static MigrationId Parse(string text) =>
        TryParse(text, out var migration) ? migration : throw new FormatException($"'{text}' is not TENANT/APPLICATION.INCARNATION.PLAN.STEP");

    /// <summary>By plan, then by step.</summary>
    public int CompareTo(MigrationId other) => Plan.CompareTo(other.Plan) is not 0 and var byPlan ? byPlan : Step.CompareTo(other.Step);

    /// <inheritdoc cref="Key"/>
    public override string ToString() => Key;
}

/// <summary>Cuts the last number off a dotted key.</summary>
internal static class DottedKey
{
    public static bool TryCut(string? text, out string front, out int number)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        number = 0;
        front = dot > 0 ? text![..dot] : "";
        return dot > 0 && int.TryParse(text![(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }
}
