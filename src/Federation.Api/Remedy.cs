namespace Federation.Api;

/// <summary>What helps after a "no", for programs that say it in words of their own: member <c>remedy</c> of a problem document.</summary>
/// <param name="Code">What helps.</param>
/// <param name="Kind">With what; null: the code says all.</param>
/// <param name="Name">With which one; of VMs the application. Null: with none in particular.</param>
public sealed record Remedy(RemedyCode Code, RemedyKind? Kind = null, string? Name = null);

/// <summary>What helps after a "no".</summary>
public enum RemedyCode
{
    /// <summary>To list those that there are.</summary>
    List,

    /// <summary>To look whether it was carried out, before it is tried again.</summary>
    Look,

    /// <summary>To give a token, or a good one.</summary>
    GiveToken,

    /// <summary>To say which tenant's is meant.</summary>
    SayTenant,

    /// <summary>To say which site is meant.</summary>
    SaySite,

    /// <summary>To wait for a plan that is being worked out.</summary>
    WaitForPlan,

    /// <summary>To cancel a plan that was made.</summary>
    CancelPlan,

    /// <summary>To start a silo of a site.</summary>
    StartSilo,

    /// <summary>To take the place in a list from the page before.</summary>
    TakeFromPage,

    /// <summary>To use a client of the service's own release: it asked for what this one does not know.</summary>
    MatchReleases,
}

/// <summary>What a <see cref="Remedy"/> is about.</summary>
public enum RemedyKind
{
    /// <summary>A site.</summary>
    Site,

    /// <summary>An application.</summary>
    Application,

    /// <summary>A VM of an application.</summary>
    Vm,

    /// <summary>A plan.</summary>
    Plan,

    /// <summary>A migration.</summary>
    Migration,

    /// <summary>A sensor.</summary>
    Sensor,

    /// <summary>A host that has an agent.</summary>
    Host,

    /// <summary>A token that was taken back.</summary>
    Revocation,
}
