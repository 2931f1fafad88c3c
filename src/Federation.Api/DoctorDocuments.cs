using Federation.Domain.Reconciling;

namespace Federation.Api;

/// <summary>What a look at the federation found.</summary>
/// <param name="At">When.</param>
/// <param name="Findings">What does not fit together; empty: all is well.</param>
/// <param name="SettleSeconds">How long a finding has to last before it is repaired.</param>
public sealed record DoctorDocument(DateTimeOffset At, DoctorDocument.Line[] Findings, double SettleSeconds)
{
    /// <summary>One finding.</summary>
    /// <param name="Kind">What sort of thing.</param>
    /// <param name="Tenant">Whose application it is about; null: it is about a site.</param>
    /// <param name="Application">The application.</param>
    /// <param name="Vm">The VM; null: it is about no single one.</param>
    /// <param name="Site">The site; null: it is about none.</param>
    /// <param name="Text">For people: what does not fit.</param>
    /// <param name="Remedy">For people: what is done about it, by the service or by a person.</param>
    /// <param name="Since">When it was first seen.</param>
    /// <param name="Fate">What becomes of it: <c>repaired</c>, <c>repairable</c>, <c>waits</c>, <c>needsPerson</c>.</param>
    public sealed record Line(
        FindingKind Kind, string? Tenant, string? Application, string? Vm, string? Site, string Text, string Remedy, DateTimeOffset Since, string Fate);
}
