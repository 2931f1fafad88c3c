using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Api;

/// <summary>How far the service is with a plan that was asked for.</summary>
/// <param name="Id">The plan's name.</param>
/// <param name="State">How far it is.</param>
/// <param name="Before">How many plans wait before it, as things are; 0 unless it waits.</param>
/// <param name="AskedAt">When it was asked for; null once it is made.</param>
/// <param name="Since">Since when it is being solved; null unless it is.</param>
/// <param name="Text">The same for people.</param>
/// <param name="Code">Why there will be no plan; null unless that is so.</param>
/// <param name="Plan">The plan; null unless it is made.</param>
public sealed record PlanJobDocument(
    string Id,
    PlanJobState State,
    int Before,
    DateTimeOffset? AskedAt,
    DateTimeOffset? Since,
    string Text,
    RefusalCode? Code,
    PlanDocument? Plan);
