using Federation.Contracts.Access;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Contracts;

/// <summary>What came of asking for a plan.</summary>
/// <param name="Id">The plan's name, under which it will be found; null: it was refused, or there is no such application.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanAsked")]
public sealed record PlanAsked([property: Id(0)] PlanId? Id, [property: Id(1)] Refusal? Refusal = null) : IChangeAnswer
{
    /// <inheritdoc/>
    string? IChangeAnswer.Refusal => Refusal is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>A plan that was asked for, and how far the service is with working it out.</summary>
/// <param name="Id">The plan's name.</param>
/// <param name="State">How far it is.</param>
/// <param name="Before">How many wait before it, as things are; 0 unless it waits.</param>
/// <param name="AskedAt">When it was asked for; null: it is not known any more.</param>
/// <param name="Since">Since when it is being solved; null unless it is.</param>
/// <param name="Plan">The plan; null unless it is made.</param>
/// <param name="Refusal">Why there will be no plan; null unless that is so.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanJob")]
public sealed record PlanJob(
    [property: Id(0)] PlanId Id,
    [property: Id(1)] PlanJobState State,
    [property: Id(2)] int Before = 0,
    [property: Id(3)] DateTimeOffset? AskedAt = null,
    [property: Id(4)] DateTimeOffset? Since = null,
    [property: Id(5)] StoredPlan? Plan = null,
    [property: Id(6)] Refusal? Refusal = null)
{
    /// <summary>Whether nothing more will happen.</summary>
    public bool IsOver => State > PlanJobState.Solving;
}

/// <summary>What came of cancelling the making of a plan.</summary>
/// <param name="Job">How far it is; null: no plan of this name was asked for.</param>
/// <param name="Refusal">Why there was nothing to cancel; null: it was cancelled.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanJobAnswer")]
public sealed record PlanJobAnswer([property: Id(0)] PlanJob? Job, [property: Id(1)] Refusal? Refusal = null) : IChangeAnswer
{
    /// <inheritdoc/>
    string? IChangeAnswer.Refusal => Refusal is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>What came of trying a plan in a world that is supposed.</summary>
/// <param name="Plan">The plan, which nobody keeps; null: it was refused, or there is no such application.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.WhatIfAnswer")]
public sealed record WhatIfAnswer([property: Id(0)] Plan? Plan, [property: Id(1)] Refusal? Refusal = null);

/// <summary>What came of asking for a front.</summary>
/// <param name="Front">The front; null: it was refused, or there is no such application.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.ParetoAnswer")]
public sealed record ParetoAnswer([property: Id(0)] ParetoFront? Front, [property: Id(1)] Refusal? Refusal = null);
