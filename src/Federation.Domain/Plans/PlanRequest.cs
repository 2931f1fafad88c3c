using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>How a plan is asked for.</summary>
/// <param name="Windows">Over how many of the newest windows the traffic is averaged; null: as the service is set, 10 at first.</param>
/// <param name="Solver">auto, exact or search; null: auto.</param>
/// <param name="Seed">Where the search's chance comes from; null: 0.</param>
/// <param name="TimeLimitSeconds">How long the solver may look; null: 10.</param>
/// <param name="Move">A VM that is wanted at a site, whether or not that pays; null: what is best is wanted.</param>
/// <param name="Drain">VMs that have to leave a host; null: none has to.</param>
/// <param name="WhatIf">Changes of the world that it is tried with, of which nothing is kept; null: the world is taken as it is.</param>
public sealed record PlanRequest(
    int? Windows,
    string? Solver,
    int? Seed,
    double? TimeLimitSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WantedMove? Move = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HostDrain? Drain = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<WhatIf>? WhatIf = null);
