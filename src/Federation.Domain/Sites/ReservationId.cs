using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Sites;

/// <summary>What a place is kept for: the same asked again is the same reservation, and changes nothing.</summary>
public readonly record struct ReservationId
{
    private const string StepPrefix = "step:";
    private const string StartPrefix = "start:";
    private const string AdoptionPrefix = "adoption:";
    private const string FoundPrefix = "found:";

    private ReservationId(PlanId? plan, int step, AppId application, long change) =>
        (Plan, StepNumber, Application, Change) = (plan, step, application, change);

    /// <summary>The application whose VMs come.</summary>
    public AppId Application { get; }

    /// <summary>The plan that brings the VM; null: it is taken over where its application's file has it.</summary>
    public PlanId? Plan { get; }

    /// <summary>The migration that brings it; null: it does not move.</summary>
    public MigrationId? Step => Plan is { } plan && StepNumber > 0 ? new(plan, StepNumber) : null;

    /// <summary>Which change of the application's description places it; 0: none does.</summary>
    public long Change { get; }

    private int StepNumber { get; }

    /// <summary>The form that reads back: <c>step:astro/cg.3.12.2</c>, <c>start:astro/cg.3.12</c>, <c>adoption:astro/cg.3.4</c> (change 4), <c>found:astro/cg.3</c>.</summary>
    public string Key => Step is { } step ? $"{StepPrefix}{step.Key}"
        : Plan is { } plan ? $"{StartPrefix}{plan.Key}"
        : Change > 0 ? $"{AdoptionPrefix}{Application.Key}.{Change.ToString(CultureInfo.InvariantCulture)}"
        : $"{FoundPrefix}{Application.Key}";

    /// <summary>The place to which a step of a plan moves a VM.</summary>
    public static ReservationId OfStep(MigrationId step) => new(step.Plan, step.Step, step.Plan.Application, 0);

    /// <summary>The places at which a plan starts VMs that are nowhere yet.</summary>
    public static ReservationId OfStart(PlanId plan) => new(plan, 0, plan.Application, 0);

    /// <summary>The places where VMs run already, as a change of their application's description says.</summary>
    /// <param name="application">The application, of one incarnation.</param>
    /// <param name="change">Counts what is done to the application from 1.</param>
    public static ReservationId OfAdoption(AppId application, long change) => new(null, 0, application, change);

    /// <summary>The places of VMs that a reconciler found at their hypervisors.</summary>
    public static ReservationId OfFound(AppId application) => new(null, 0, application, 0);

    /// <summary>Reads a <see cref="Key"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReservationId reservation)
    {
        reservation = default;
        if (After(StepPrefix, text) is { } step && MigrationId.TryParse(step, out var migration))
        {
            reservation = OfStep(migration);
        }
        else if (After(StartPrefix, text) is { } start && PlanId.TryParse(start, out var plan))
        {
            reservation = OfStart(plan);
        }
        else if (After(AdoptionPrefix, text) is { } adoption && PlanId.TryParse(adoption, out var changed))
        {
            // A change of an application is written as a plan's number is.
            reservation = OfAdoption(changed.Application, changed.Number);
        }
        else if (After(FoundPrefix, text) is { } found && AppId.TryParse(found, out var application))
        {
            reservation = OfFound(application);
        }

        return reservation != default;
    }

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static ReservationId Parse(string text) =>
        TryParse(text, out var reservation) ? reservation : throw new FormatException($"'{text}' is no reservation");

    /// <summary>For people: <c>migration astro/cg.3.12.2</c>, <c>plan astro/cg.3.12</c>, <c>change 4 of astro/cg</c>.</summary>
    public override string ToString() => Step is { } step ? $"migration {step}"
        : Plan is { } plan ? $"plan {plan}"
        : Change > 0 ? $"change {Change.ToString(CultureInfo.InvariantCulture)} of {Application}"
        : $"{Application}, found at its hypervisor";

    private static string? After(string prefix, string? text) =>
        text?.StartsWith(prefix, StringComparison.Ordinal) == true ? text[prefix.Length..] : null;
}
