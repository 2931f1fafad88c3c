namespace Federation.Domain.Refusals;

/// <summary>What can turn a refusal into a yes.</summary>
public enum RefusalKind
{
    /// <summary>Something has to change first: a description, a policy, a quota, or somebody has to leave. Waiting alone is of no use.</summary>
    Final,

    /// <summary>Time alone may do: the same request can pass later.</summary>
    Temporary,

    /// <summary>A person has to approve.</summary>
    NeedsApproval,
}

/// <summary>The kind of each code.</summary>
public static class RefusalKinds
{
    /// <summary>What can turn a refusal with this code into a yes.</summary>
    public static RefusalKind Kind(this RefusalCode code) => code switch
    {
        RefusalCode.ApprovalMissing or RefusalCode.ApprovalExpired or RefusalCode.ApprovalWithdrawn => RefusalKind.NeedsApproval,
        RefusalCode.ArrivalWindowClosed or RefusalCode.DepartureWindowClosed => RefusalKind.Temporary,
        RefusalCode.MigrationsInFull or RefusalCode.MigrationsOutFull => RefusalKind.Temporary,
        RefusalCode.SiteOffline or RefusalCode.OfflineArrival or RefusalCode.OfflineDeparture => RefusalKind.Temporary,
        RefusalCode.HostLost or RefusalCode.HostHeard => RefusalKind.Temporary,
        RefusalCode.CoolDown or RefusalCode.QuietHours or RefusalCode.MovesPerDay or RefusalCode.MoveHasToCoolDown or RefusalCode.GainHasToPersist => RefusalKind.Temporary,
        RefusalCode.PlanBusy or RefusalCode.ApplicationChanging or RefusalCode.OutcomeUnknown or RefusalCode.VmLeaves => RefusalKind.Temporary,
        RefusalCode.PlansOfTenantWaiting or RefusalCode.PlansWaiting or RefusalCode.LooksWaiting or RefusalCode.PlanNotMade => RefusalKind.Temporary,
        RefusalCode.PriceUnknown or RefusalCode.QueryWindowOpen or RefusalCode.QueryWindowAhead => RefusalKind.Temporary,
        RefusalCode.HostSilent or RefusalCode.WaitsForFencing or RefusalCode.TransferStuck or RefusalCode.SegmentUnacknowledged or RefusalCode.PublicAddressRests => RefusalKind.Temporary,
        _ => RefusalKind.Final,
    };
}
