namespace Federation.Domain.Plans;

/// <summary>How far the service is with a plan.</summary>
public enum PlanState
{
    /// <summary>It can be applied.</summary>
    Proposed,

    /// <summary>Its start was ordered; sites have to approve it first.</summary>
    Waiting,

    /// <summary>It is being applied.</summary>
    Applying,

    /// <summary>It was applied in full.</summary>
    Applied,

    /// <summary>It was applied in part, or not at all; its record says why.</summary>
    Failed,

    /// <summary>A site has rejected it.</summary>
    Rejected,

    /// <summary>Another plan of the application was started in its place.</summary>
    Superseded,

    /// <summary>Somebody has cancelled it.</summary>
    Cancelled,
}

/// <summary>What the states mean.</summary>
public static class PlanStates
{
    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsEnd(this PlanState state) => state > PlanState.Applying;
}
