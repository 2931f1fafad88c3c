namespace Federation.Domain.Plans;

/// <summary>How far the service is with working out a plan that was asked for.</summary>
public enum PlanJobState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>A solver is at it.</summary>
    Solving,

    /// <summary>The plan is there.</summary>
    Made,

    /// <summary>There will be no plan: the application was deleted, or something failed.</summary>
    Failed,

    /// <summary>There will be no plan: who asked for it has cancelled it, or has gone away while waiting for it.</summary>
    Cancelled,
}
