namespace Federation.Domain.Reconciling;

/// <summary>Makes the sentences that people read of a finding. For pages, events and documents; no program looks into them.</summary>
public static class FindingText
{
    /// <summary>What does not fit, in English and without a full stop.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind has no sentence: a bug.</exception>
    public static string Of(Finding f) => f.Kind switch
    {
        FindingKind.PlaceExpired => $"the place of {Vm(f)} at {f.At}, kept for {f.Reservation}, has run out and is on the ledger yet",
        FindingKind.PlaceOfNobody => $"a place at {f.At} is kept for {Vm(f)}, which does not exist",
        FindingKind.PlaceWithoutVm => $"a place at {f.At} is kept for {Vm(f)}, which is not there and is not on its way",
        FindingKind.VmWithoutPlace => $"{Vm(f)} runs at {f.At}, where the ledger does not have it",
        FindingKind.LocationDiffers => $"{Vm(f)} {(f.At is { } at ? $"runs at {at}" : "runs nowhere")}, the service has it {(f.Said is { } said ? $"at {said}" : "nowhere")}",
        FindingKind.EpochBehind => $"hypervisors have seen epoch {f.Epoch} of {Vm(f)}, the service is behind and they refuse its orders",
        FindingKind.ClaimOfEndedPlan => $"plan {f.Plan} has ended and keeps {f.Application} from being changed",
        FindingKind.NotListed => $"application {f.Application} is missing in the directory",
        FindingKind.ListedInVain => $"the directory lists incarnation {f.Application?.Incarnation} of {f.Application}, which has ended",
        FindingKind.IncarnationBehind => $"incarnation {f.Application?.Incarnation} of {f.Application} was in use, and the service does not know it",
        FindingKind.RunsForNobody => $"{Vm(f)} runs at {f.At}, and no description has it",
        FindingKind.RunsTwice => $"{Vm(f)} runs at {f.At} and at {f.Said}",
        FindingKind.CopyLeft => $"a copy of {Vm(f)} is left at {f.At}, of a migration that nobody carries out",
        FindingKind.SiteSilent => $"site {f.Site} or its hypervisor does not answer: what is there is not known",
        FindingKind.OutsideLimit => $"{Vm(f)} runs at {f.At}, where it could not come any more: {f.By}",
        _ => throw new ArgumentOutOfRangeException(nameof(f), f.Kind, "this kind has no text"),
    };

    /// <summary>What is done about it, by the service or by a person.</summary>
    public static string Remedy(Finding f) => f.Repair switch
    {
        Repair.FreePlace => "the place is given back",
        Repair.KeepPlace => "the ledger takes it up",
        Repair.Locate => "the service takes over what hypervisors say",
        Repair.EndClaim => "the claim ends",
        Repair.List => "it is listed",
        Repair.Unlist => "it is listed no more",
        Repair.SkipIncarnation => "the next life of the name is a later one",
        _ => f.Kind switch
        {
            FindingKind.RunsForNobody => "stop it at its hypervisor: an application that is described anew is another life, and does not take it over",
            FindingKind.RunsTwice => "stop the wrong one at its hypervisor at once",
            FindingKind.OutsideLimit => "it stays, and counts for all that comes: make a plan that moves it, or widen the site's description",
            FindingKind.CopyLeft => "remove the copy at its hypervisor",
            _ => "bring the site back, then look again",
        },
    };

    private static string Vm(Finding f) => $"{f.Application}/{f.Vm}{(f.Application is { } app ? $" (incarnation {app.Incarnation})" : "")}";
}
