namespace Federation.Domain.Plans;

/// <summary>How far the service is with a plan.</summary>
public enum PlanState
{
    /// <summary>It can be applied.</summary>
    Proposed,

    /// <summary>It is being applied.</summary>
    Applying,

    /// <summary>It was applied in full.</summary>
    Applied,

    /// <summary>It was applied in part, or not at all: its reason is in the events.</summary>
    Failed,
}
