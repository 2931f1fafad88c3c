using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

/// <summary>Makes the sentence that people read of a refusal. For pages, documents, events and logs; no program looks into it.</summary>
public static class RefusalText
{
    private const int MostNamed = 10;

    /// <summary>The sentence, in English and without a full stop; the constraint stands first where there is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The code has no sentence: a bug.</exception>
    public static string Of(Refusal refusal)
    {
        var (code, a) = (refusal.Code, refusal.Arguments);
        var sentence = (a.Occupies == true ? OfOccupant(code, a) : null) ?? OfSite(code, a) ?? OfHost(code, a) ?? OfRoom(code, a) ?? OfApproval(code, a)
            ?? OfPlacement(code, a) ?? OfSolving(code, a) ?? OfPlan(code, a) ?? OfExecution(code, a) ?? OfMove(code, a) ?? OfNetwork(code, a) ?? OfQuery(code, a) ?? OfReport(code, a)
            ?? throw new ArgumentOutOfRangeException(nameof(refusal), code, "this code has no text");
        return (a.Affected, a.Among) switch
        {
            ({ } vms, { } all) when vms == all => $"{sentence} (with all {all} VMs there)",
            ({ } vms, { } all) => $"{sentence} (so for {vms} of {all} VMs)",
            _ => sentence,
        };
    }

    private static string? OfOccupant(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.PolicyTenant => $"policy: {a.Site} does not admit tenant {a.Tenant}",
        RefusalCode.ResidencyMissing => $"residency: {a.Site} does not offer {a.Names}",
        RefusalCode.OfferUnknown => $"offer: {a.Site} sells no {a.Offer} any more",
        RefusalCode.SiteUnavailable => $"availability: {a.Site} is not available at {Minute(a.At)}",
        RefusalCode.CapacityOfferTaken =>
            $"capacity: {a.Application} has {a.Needed} of {a.Offer}, {a.Site} lets one application have {a.Limit}",
        RefusalCode.CapacitySiteVcpus or RefusalCode.CapacitySiteMemory or RefusalCode.CapacitySiteVms =>
            $"capacity: {Amount(code, a.Needed)} of all tenants are at {a.Site}, which has {Amount(code, a.Limit)}",
        RefusalCode.QuotaVcpus or RefusalCode.QuotaMemory or RefusalCode.QuotaVms or RefusalCode.QuotaCoreHours =>
            $"quota: tenant {a.Tenant} occupies {Amount(code, a.Needed)}, and may {Figure(code, a.Limit)}",
        _ => null,
    };

    private static string? OfSite(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.SiteUnknown => $"there is no site {a.Site}",
        RefusalCode.PolicyTenant => $"policy: site {a.Site} does not admit tenant {a.Tenant}",
        RefusalCode.AllowedSites => $"allowed sites: {a.Vm} may be at {a.Sites} only",
        RefusalCode.ResidencyMissing => $"residency: site {a.Site} does not offer {a.Names}, which {a.Vm} asks for",
        RefusalCode.OfferUnknown => $"site {a.Site} does not offer {a.Offer}",
        RefusalCode.NeedsVcpus => $"needs: {a.Vm} needs {a.Needed} vCPUs, {Place(a)} has {a.Limit}",
        RefusalCode.NeedsMemory => $"needs: {a.Vm} needs {Gib(a.Needed)}, {Place(a)} has {Gib(a.Limit)}",
        RefusalCode.SiteUnavailable => $"availability: site {a.Site} is not available at {Minute(a.At)}",
        RefusalCode.AvailabilityTooShort => $"availability: site {a.Site} is available for {Short(a.Limit)} s more, {Short(a.Needed)} s are needed",
        RefusalCode.ArrivalWindowClosed => $"arrivals: site {a.Site} takes no VM at {Minute(a.At)}",
        RefusalCode.DepartureWindowClosed => $"departures: site {a.Site} lets no VM leave at {Minute(a.At)}",
        RefusalCode.MigrationsInFull => $"migrations: {a.Limit} arrive at {a.Site} already, its policy allows no more at once",
        RefusalCode.MigrationsOutFull => $"migrations: {a.Limit} leave {a.Site} already, its policy allows no more at once",
        RefusalCode.MigrationsForbidden => $"migrations: the policy allows none from {a.Site} to {a.To}",
        RefusalCode.ReservationLost => $"reservation: {a.Reservation} holds no place for {Vm(a)} at {a.Site} any more",
        RefusalCode.PlaceHeld => $"{Vm(a)} has a place at {a.Site} already, under {a.Reservation}",
        RefusalCode.VmNotHere => $"{Vm(a)} is not at site {a.Site}: it cannot leave it",
        RefusalCode.VmLeaves => $"{Vm(a)} leaves site {a.Site} already, by migration {a.Reservation}",
        RefusalCode.CurrencyDiffers => $"site {a.Site} has prices in {a.Detail}, the federation's currency is {a.Instead}",
        RefusalCode.SiteOffline => $"site {a.Site} is offline: no silo of it is in the federation",
        RefusalCode.SiteHasVms => $"site {a.Site} has VMs and cannot be deleted: {Some(a.Names)}. Move them with 'fedctl vm move VM SITE', "
            + "or end them with 'fedctl vm delete VM' or 'fedctl app delete APP'",
        RefusalCode.SiteAwaitsVms => $"site {a.Site} keeps places for VMs that come and cannot be deleted: {Some(a.Names)}. Wait until they are there, "
            + "or end what brings them: 'fedctl plan cancel PLAN'; what is only reserved runs out by itself ('fedctl site describe SITE' shows when)",
        RefusalCode.SiteInPlans => $"plans that have not ended count on site {a.Site}, it cannot be deleted: {Some(a.Names)}. Wait until they have ended, "
            + "or end them with 'fedctl plan cancel PLAN' or 'fedctl plan reject PLAN'",
        _ => null,
    };

    private static string? OfHost(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.CapacityHosts => $"capacity: no host of site {a.Site} can take {Vm(a)}: {Some(a.Names)}",
        RefusalCode.HostTooSmall => $"capacity: {Vm(a)} takes {a.Detail} of its host, and the largest host of site {a.Site} has {a.Instead}: "
            + "let it have a smaller offer, or add a larger host ('fedctl host add')",
        RefusalCode.HostLacksHardware => $"hardware: {Vm(a)} asks for {a.Detail}, and no host of site {a.Site} that is large enough has it: "
            + "leave it open in the application's file, or keep the VM from the site with 'sites'; 'fedctl host describe' shows what hosts have",
        RefusalCode.GuestMissing => $"image: {Vm(a)} names nothing to start from, and the hosts of site {a.Site} start nothing without: "
            + "write a disk with an 'image', or a 'kernel', into the application's file, or keep the VM from the site with 'sites'",
        RefusalCode.HostFromAgent => $"{Vm(a)} is on host {a.Host} of site {a.Site}, whose agent tells where it is: nobody else can. "
            + $"It moves by 'fedctl vm move', or by 'fedctl host drain {a.Site}/{a.Host}'",
        RefusalCode.AdviceHarms => $"at other sites {a.Application?.Name} would have a {a.Detail} of {Short(a.Needed)}, where {Short(a.Limit)} is the most that its owner is asked for",
        RefusalCode.AdviceNowhere => $"no other host of {a.Site} and no other site can take {Some(a.Names)}",
        RefusalCode.HostUnknown when a.Names is null or { Names.IsEmpty: true } => $"site {a.Site} has no hosts; one joins when its agent reports: 'fedctl host add {a.Host} --site {a.Site}'",
        RefusalCode.HostUnknown => $"site {a.Site} has no host {a.Host}; its hosts are {Some(a.Names)}",
        RefusalCode.HostFenced => $"host {a.Site}/{a.Host} is fenced; it takes VMs again after 'fedctl host uncordon {a.Site}/{a.Host}'",
        RefusalCode.HostLost => $"host {a.Site}/{a.Host} is not heard of since {Second(a.At)}: see that 'fedctl host run' runs there and reaches the service, "
            + $"then do this again, or 'fedctl host fence {a.Site}/{a.Host}' once nothing runs there",
        RefusalCode.HostHeard => $"host {a.Site}/{a.Host} was heard of at {Second(a.At)}: what runs there runs, and may not be started elsewhere. "
            + $"Empty it with 'fedctl host drain {a.Site}/{a.Host}', or switch it off and fence it once 'fedctl host list' says that it is lost",
        RefusalCode.HostHasVms => $"VMs have places on host {a.Site}/{a.Host}: {Some(a.Names)}. Move them with 'fedctl host drain {a.Site}/{a.Host}', "
            + $"or give them up with 'fedctl host fence {a.Site}/{a.Host}' if it is lost",
        _ => null,
    };

    private static string? OfRoom(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.CapacityOfferNone => $"capacity: none of {Place(a)} is available",
        RefusalCode.CapacityOfferTaken when a.Needed is null => $"capacity: {Place(a)} has {a.Limit} for one application, all taken",
        RefusalCode.CapacityOfferTaken => $"capacity: {Place(a)} has {a.Limit} for one application, {a.Needed} are needed",
        RefusalCode.CapacitySiteVcpus or RefusalCode.CapacitySiteMemory or RefusalCode.CapacitySiteVms =>
            $"capacity: site {a.Site} has {Amount(code, a.Limit)} for all tenants, {Figure(code, a.Needed)} are needed",
        RefusalCode.QuotaVcpus or RefusalCode.QuotaMemory or RefusalCode.QuotaVms or RefusalCode.QuotaCoreHours when a.Vm is not null =>
            $"quota: tenant {a.Tenant} has {Amount(code, a.Limit)} at {a.Site}, {Vm(a)} would exceed it",
        RefusalCode.QuotaCoreHours =>
            $"quota: tenant {a.Tenant} has {Short(a.Limit)} core-hours at {a.Site}, {Short(a.Needed)} are needed",
        RefusalCode.QuotaVcpus or RefusalCode.QuotaMemory or RefusalCode.QuotaVms =>
            $"quota: tenant {a.Tenant} has at {a.Site} {Amount(code, a.Limit)}, {Figure(code, a.Needed)} are needed",
        _ => null,
    };

    private static string? OfApproval(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.ApprovalMissing => $"plan {a.Plan} needs the approval of {a.Sites}",
        RefusalCode.ApprovalRejected => $"plan {a.Plan} was rejected for site {a.Site} by {a.By}",
        RefusalCode.ApprovalWithdrawn => $"the approval of plan {a.Plan} by site {a.Site} was taken back by {a.By}",
        RefusalCode.ApprovalNotRequested => $"plan {a.Plan} does not ask site {a.Site} for an approval",
        RefusalCode.ApprovalNeedsPlan =>
            $"approval: site {a.Site} takes VMs by approved plans only: leave 'at' out of {a.Vm}, and a plan can bring it there",
        RefusalCode.ApprovalExpired => $"the approval of plan {a.Plan} by site {a.Site} expired at {Second(a.At)}",
        _ => null,
    };

    private static string? OfPlacement(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.OfflineArrival => $"offline: site {a.Site} cannot be reached now, no place can be reserved there",
        RefusalCode.OfflineDeparture => $"offline: site {a.Site} cannot be reached now, {a.Vm} cannot leave it",
        RefusalCode.CoolDown => $"cool-down: {a.Vm} has moved lately and stays until {Second(a.At)}",
        RefusalCode.LinkForMove => $"link: there is none from {a.Site} to {a.To}, {a.Vm} cannot move",
        RefusalCode.LinkForTraffic => $"link: there is none from {a.Site} to {a.To}, {a.Vm} and {a.Other} talk",
        RefusalCode.LinkForTrafficOfVm => $"link: there is none that the traffic of {a.Vm} needs",
        RefusalCode.MigrationNeverEnds => $"migration: {a.Vm} rewrites {Short(a.Needed / 1e6)} MB/s, the link from {a.Site} to {a.To} "
            + $"carries {Short(a.Limit / 1e6)} MB/s: a live migration would not end",
        RefusalCode.MoveNotLive => $"migration: site {a.Sites} lets no VM move live, so not {a.Vm} from {a.Site} to {a.To}: "
            + "write 'coldMoves' in its application's file, and it can be stopped and started anew, or take 'live: false' out of the site's policy",
        RefusalCode.MoveWithoutHosts => $"migration: site {a.Sites} has no hosts, and the other of {a.Site} and {a.To} has: nothing copies {a.Vm} from one to the other; "
            + "'fedctl host list' shows hosts, and 'sites' of the VM keeps it where it can move",
        RefusalCode.MoveHardware => $"migration: hosts of {a.Site} and of {a.To} have not in common {a.Detail}, so that {a.Vm} cannot move live: "
            + "write 'coldMoves' in its application's file, and it can be stopped and started anew, or leave its 'cpuModel' and 'machine' open",
        RefusalCode.MoveDowntime => $"migration: {a.Vm} would stand still for {Short(a.Needed)} s on its way from {a.Site} to {a.To}, {Short(a.Limit)} s is the longest: "
            + "raise 'moves.downtime' of its application or of a site, or write what else may happen in 'moves.whenMissed'",
        RefusalCode.ColdDowntime => $"migration: {a.Vm} cannot move live from {a.Site} to {a.To}, and cold it would stand still for {Short(a.Needed)} s, {Short(a.Limit)} s is the longest: "
            + "raise 'coldMoves.downtime' of its application",
        RefusalCode.MoveDuration => $"migration: {a.Vm} would be on its way from {a.Site} to {a.To} for {Short(a.Needed)} s, {Short(a.Limit)} s is the longest: "
            + "raise 'moves.duration' of its application or of a site, or write what else may happen in 'moves.whenMissed'",
        RefusalCode.ImageMissing => $"image: nobody says where {a.Detail}, from which {a.Vm} starts, is to be had at {a.Site}: "
            + "write 'sources' into the application's file, or the image into the site's",
        RefusalCode.WantedElsewhere => $"wanted: {a.Vm} is to be at {a.Site}",
        RefusalCode.OfferKept => $"offer: {a.Vm} runs on {Place(a)} and keeps it while it stays there",
        RefusalCode.RestartNeedsHost => $"offer: {a.Vm} restarts on another host only, and site {a.Site} has no other that takes VMs: add one ('fedctl host add')",
        RefusalCode.PriceUnknown => $"price: {Place(a)} has none yet at {Minute(a.At)}",
        RefusalCode.AffinityTogether => $"affinity: {a.Names} have to be at one site, they are at {a.Sites}",
        RefusalCode.AffinityApart => $"affinity: {a.Names} have to be spread over {a.Needed} sites at least, they are at {a.Sites}",
        RefusalCode.AffinityCrowded => $"affinity: of {a.Names} {a.Limit} may be at one site at most, {a.Needed} are at {a.Site}",
        RefusalCode.BudgetPerHour => $"hourly budget: {a.Limit} may be spent an hour, the offers cost {a.Needed} from {Minute(a.At)} on",
        RefusalCode.SiteLeftOut => $"left out: the application leaves out site {a.Site}",
        RefusalCode.MovesPerDay => $"moves a day: {a.Limit} VMs may move within 24 hours unasked, with these it would be {a.Needed}",
        RefusalCode.QuietHours => $"quiet hours: {a.Vm} does not begin to move at {Minute(a.At)}",
        RefusalCode.LinkForEndpoint => $"link: {a.Vm} exchanges data with the endpoint {a.Names}, and there is none from {a.Site} to {a.To}",
        RefusalCode.AffinityNoCommonSite => $"affinity: {a.Names} have to be at one site, and no site takes all of them{(a.Sites is { Names.IsEmpty: false } some ? $" ({some} each take some)" : "")}",
        RefusalCode.AffinityTooFewSites => $"affinity: {a.Names} have to be spread over {a.Needed} sites, and can be spread over {a.Limit} at most{(a.Sites is { Names.IsEmpty: false } open ? $" (of {open})" : "")}",
        RefusalCode.CapacityNoOrder => $"capacity: {(a.Names is { Names.IsEmpty: false } stuck ? $"{stuck} wait for each other's places, " : "")}there is no order of moves in which every site has room at every step",
        RefusalCode.Deadline => $"deadline: {Short(a.Limit)} s, {Short(a.Needed)} s are needed",
        RefusalCode.HarmLimit => $"harm limit: {Short(a.Limit)} s under the objective utilization, {Short(a.Needed)} s are needed",
        RefusalCode.Budget => $"budget: {Short(a.Limit)}, {Short(a.Needed)} are needed",
        RefusalCode.GainHasToPersist => $"the gain has to persist: seen in {a.Limit} of {a.Needed} windows, since {Second(a.At)}",
        RefusalCode.MoveHasToCoolDown => $"{a.Vm} has moved lately: its cool-down ends at {Second(a.At)}",
        _ => null,
    };

    private static string? OfSolving(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.PlansOfTenantWaiting => $"{a.Limit} plans of tenant {a.Tenant} wait to be worked out, no more may (Federation:Solving:WaitingPerTenant): "
            + "wait for one of them, or cancel it",
        RefusalCode.PlansWaiting => $"{a.Limit} plans of all tenants wait to be worked out, no more may (Federation:Solving:Waiting): "
            + "wait until one of them has begun",
        RefusalCode.LooksWaiting => $"{a.Limit} applications wait to be looked at, no more may (Federation:Solving:WaitingAutomatic): "
            + "it is looked at later",
        RefusalCode.PlanNotMade => $"plan {a.Plan} could not be worked out ({a.Detail}, the service's log says more): ask for a new one",
        RefusalCode.PlanMade => $"plan {a.Plan} is made already: there is nothing to cancel in making it",
        _ => null,
    };

    private static string? OfPlan(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.PlanUnknown => $"there is no plan {a.Plan}",
        RefusalCode.PlanNotAtSite => $"plan {a.Plan} does nothing at site {a.Site}",
        RefusalCode.PlanFailed => $"plan {a.Plan} has failed: make a new one",
        RefusalCode.PlanInfeasible => $"plan {a.Plan} is infeasible: there is nothing to apply",
        RefusalCode.PlanGainGone => $"plan {a.Plan} is stale: its gain is {Short(a.Limit)} now, it has to be more than {Short(a.Needed)}",
        RefusalCode.PlanSiteRefuses => $"plan {a.Plan} is stale: site {a.Site} refuses a step: {a.Cause}",
        RefusalCode.PlanBreaksLimit => $"plan {a.Plan} is stale: {a.Cause}",
        RefusalCode.PlanApplicationChanged => $"plan {a.Plan} is stale: application {a.Application} was changed after it was made",
        RefusalCode.PlanVmElsewhere when a.Site is null => $"plan {a.Plan} is stale: {Vm(a)} runs nowhere now",
        RefusalCode.PlanVmElsewhere => $"plan {a.Plan} is stale: {Vm(a)} runs at {Place(a)} now",
        RefusalCode.PlanSuperseded => $"plan {a.Plan} was superseded by plan {a.Instead}",
        RefusalCode.PlanCancelled => $"plan {a.Plan} was cancelled by {a.By}",
        RefusalCode.PlanBusy => $"plan {a.Plan} is being applied: wait until it has ended",
        RefusalCode.ApplicationChanging => $"application {a.Application} is being changed: wait until that is done",
        RefusalCode.ApplicationDeleting => $"application {a.Application} is being deleted",
        RefusalCode.ApplicationDeleted => $"application {a.Application} was deleted",
        _ => null,
    };

    private static string? OfExecution(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.NoPlace => $"no place at {a.Site}: {a.Cause}",
        RefusalCode.WaitedTooLong => $"waited {Short(a.Limit)} s in vain: {a.Cause}",
        RefusalCode.VmDidNotMove => $"{a.Vm} could not move to {Place(a)}: {a.Cause}",
        RefusalCode.VmDidNotStart => $"{a.Vm} could not start at {Place(a)}: {a.Cause} ({a.Limit} of {a.Needed} VMs were started)",
        RefusalCode.VmNotAdopted => $"{a.Vm} cannot be at {Place(a)}: {a.Cause}",
        RefusalCode.VmLeftOut => $"{a.Vm} runs at {Place(a)} and cannot be left out: 'fedctl vm delete APP/{a.Vm}' stops it and takes it out",
        RefusalCode.VmUnknown => $"application {a.Application?.Name} has no VM '{a.Vm}': 'fedctl vm list --app {a.Application?.Name}' lists them",
        RefusalCode.VmNowhere => $"{a.Vm} runs nowhere yet: 'fedctl plan {a.Application?.Name}' finds its first place",
        RefusalCode.VmThere => $"{a.Vm} is at {a.Site} already",
        RefusalCode.LastVm => $"{a.Vm} is the last VM of application {a.Application?.Name}: 'fedctl app delete {a.Application?.Name}' ends the whole application",
        RefusalCode.VmElsewhere => $"{a.Vm} runs at {Place(a)}, not at {a.Detail}: leave 'at' out, the service knows where it is",
        RefusalCode.VersionDiffers when a.Site is { } site => a.Detail is null
            ? $"there is no site {site}" : $"site {site} is described by revision {a.Detail}: read it, and decide anew",
        RefusalCode.VersionDiffers when a.Detail is null => $"there is no application {a.Application}",
        RefusalCode.VersionDiffers => $"application {a.Application} is described by version {a.Detail}: read it, and decide anew",
        RefusalCode.Told => a.Detail ?? "an earlier version gave no reason",
        RefusalCode.Hypervisor => a.Detail ?? "the hypervisor failed",
        RefusalCode.OutcomeUnknown => $"it is not known what became of {Vm(a)} at {a.Site}: the call was not answered",
        _ => null,
    };

    private static string? OfMove(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.MigrationCancelled => $"{a.By} took it back",
        RefusalCode.MigrationUnknown => "there is no such migration: 'fedctl migration list' lists them",
        RefusalCode.MigrationHasEnded => "it has ended: 'fedctl vm move VM SITE' moves the VM again",
        RefusalCode.MigrationTooLate => $"too late: its VM was told to run at {a.Detail}",
        RefusalCode.HostsAtOneEnd => $"{a.Site} has hosts and {a.To} has none: a VM does not move between the two",
        RefusalCode.TransferFailed => $"the copying failed: {a.Detail}",
        RefusalCode.TransferStuck => $"the copying did not get on for {Short(a.Limit)} s",
        RefusalCode.CopyGone => $"the copy is gone at {a.Detail}",
        RefusalCode.VmNotAlive => $"it ran at its destination and did not live: {a.Detail}",
        RefusalCode.VmLostOnTheWay => $"{Vm(a)} is lost: its only complete copy was at {a.Detail} and is gone",
        RefusalCode.HostSilent => $"{Host(a)} does not tell what is there",
        RefusalCode.WaitsForFencing when a.Host is null => $"paused, waits until {Host(a)} answers",
        RefusalCode.WaitsForFencing => $"paused, waits for fencing of {Host(a)}, or until it answers: 'fedctl host fence {a.Host} --site {a.Site}'",
        _ => null,
    };

    private static string? OfNetwork(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.SegmentUnacknowledged => $"hosts have not taken over where {Vm(a)} is to be reached: {Some(a.Names)}. 'fedctl host list' tells whether their agents are heard of",
        RefusalCode.SegmentMtu => $"host {a.Site}/{a.Host} sends packets of at most {a.Limit} bytes, the network of {a.Application} needs {a.Needed}: raise the MTU of the host's uplink",
        RefusalCode.OverlayAtOneEnd => $"host {a.Detail} is on the overlay and {a.Instead} is not, a VM does not move between the two: give {a.Instead} a 'network' in its agent's file",
        RefusalCode.SegmentAddressTaken => $"{Vm(a)} names {a.Detail}, which is {a.Other}'s on the same network: name another address, or move {a.Other} off it first",
        RefusalCode.SegmentAddressesUsed => $"the network of {a.Application} has no address left for {a.Vm}: all {a.Limit} of {a.Detail} are used or named. Name addresses for VMs; a wider 'subnet' in the application's file counts from its next life on",
        RefusalCode.NoGateway => $"{Vm(a)} gets no public address: no host of site {a.Site} is a gateway. Name a site that has one, or give a host there a 'gateway' in its agent's file",
        RefusalCode.PublicAddressesUsed => $"{Vm(a)} gets no public address: all of site {a.Site} are taken. Its gateways need a wider range, or another VM has to give one back",
        RefusalCode.PublicAddressUnknown => $"{Vm(a)} does not get {a.Detail}: it is no address of a gateway. Name one that is, or a site",
        RefusalCode.PublicAddressTaken => $"{Vm(a)} does not get {a.Detail}: {(a.Instead is { } holder ? $"it is {holder}'s" : "it is taken")}. Name another one, or a site",
        RefusalCode.PublicAddressRests => $"{Vm(a)} does not get {a.Detail} yet: another VM has just given it back, it is free within a minute",
        RefusalCode.ClientsNeedNetwork => $"{a.Application} has no network that a client could join: it begins when the first of its VMs is at a host of the overlay",
        RefusalCode.ClientKnown => $"{a.Application} has a client {a.Detail} already: choose another name, or take that one off with 'fedctl network leave {a.Application?.Name} {a.Detail}'",
        RefusalCode.ClientUnknown => $"the network of {a.Application} has no client {a.Detail}: 'fedctl network {a.Application?.Name}' shows those it has",
        RefusalCode.ClientsUsed => $"the network of {a.Application} has {a.Limit} clients, as many as it can have: take one off with 'fedctl network leave'",
        RefusalCode.ClientAddressOutside => $"client {Some(a.Names)} does not get {a.Detail}: it is no address for machines of {a.Instead}, the range of the network of {a.Application}",
        RefusalCode.ClientAddressTaken => $"client {Some(a.Names)} does not get {a.Detail}: {(a.Instead is { } owner ? $"it is {owner}'s" : "a VM names it")} on the network of {a.Application}. Name another one, or none",
        RefusalCode.ClientMtu => $"client {a.Detail} sends packets of at most {a.Limit} bytes, the network of {a.Application} needs {a.Needed}: give its machine a line that carries more, or say so by 'mtu' in its agent's file",
        RefusalCode.PublicAddressesApart => $"{Vm(a)} does not get {a.Detail}: no gateway owns it together with the other public addresses of {a.Application}, and VMs of one network have one way out",
        _ => null,
    };

    private static string? OfQuery(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.QueryPeriod => $"a period has from 1 to {a.Limit} windows of 30 s, not {a.Needed}",
        RefusalCode.QueryWait => $"a wait is from 0 s to {a.Limit} s, not {Short(a.Needed)} s",
        RefusalCode.QueryCoefficient => $"a coefficient is more than 0 and at most {Limits.Request.Coefficient}, not {a.Needed}",
        RefusalCode.QueryWindowAhead => $"the window from {a.Detail} closes in {Short(a.Needed)} s, the wait is {Short(a.Limit)} s: "
            + $"ask for a period until {Text(a.At, "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'")} or wait longer",
        RefusalCode.QueryWindowOpen => $"{OfQuery(RefusalCode.QueryWindowAhead, a)}, or accept an approximate answer",
        RefusalCode.QueryNothingReported => $"no VM has reported any window from {First(a.Names)} to {Last(a.Names)}: "
            + (a.At is null ? "silence is not zero" : $"ask for a period until {Second(a.At)}"),
        _ => null,
    };

    private static string? OfReport(RefusalCode code, RefusalArguments a) => code switch
    {
        RefusalCode.ReportOfNoApplication => $"there is no application '{a.Application}'",
        RefusalCode.ReportOfUnknownVm => $"application {a.Application?.Name} has no VM '{a.Vm}'",
        RefusalCode.ReportFromTheFuture =>
            $"the window from {a.Detail} is from the future: at {Second(a.At)} it is more than {a.Limit:0} windows of 30 s ahead, the most that are kept aside (Federation:WindowsAhead); check the clocks of sensor and service",
        RefusalCode.ReportUnderOtherName => $"this is the token of sensor {a.Sensor}: it cannot report as '{a.Detail}'; "
            + $"name it {a.Sensor} in its file, or make a token with 'fedctl sensor token {a.Detail} --site SITE'",
        RefusalCode.ReportOfStranger => $"{a.Vm} was not on {a.Host}, the host of sensor {a.Sensor}, at any time; if it runs there, say so with "
            + (a.Detail is { } host ? $"'fedctl vm host {a.Application?.Name}/{a.Vm} {host}'" : $"'fedctl vm host {a.Application?.Name}/{a.Vm} --clear'")
            + ", otherwise leave it out of the sensor's file",
        RefusalCode.ReportFromElsewhere => $"{a.Vm} was not on {a.Host}, the host of sensor {a.Sensor}, in the window from {a.Detail}",
        _ => null,
    };

    // A figure with its unit: 16 vCPUs.
    private static string Amount(RefusalCode code, double? value) => code switch
    {
        RefusalCode.QuotaVcpus or RefusalCode.CapacitySiteVcpus => $"{value} vCPUs",
        RefusalCode.QuotaVms or RefusalCode.CapacitySiteVms => $"{value} VMs",
        RefusalCode.QuotaMemory or RefusalCode.CapacitySiteMemory => Gib(value),
        _ => $"{value} core-hours",
    };

    // Bytes never go without their unit; all else does where the unit stood before.
    private static string Figure(RefusalCode code, double? value) =>
        code is RefusalCode.QuotaMemory or RefusalCode.CapacitySiteMemory ? Gib(value) : $"{value}";

    private static string Place(RefusalArguments a) => $"{new Location(a.Site ?? default, a.Offer ?? "")}";

    private static string Vm(RefusalArguments a) => a.Application is { } application ? $"{new VmRef(application, a.Vm ?? default)}" : $"{a.Vm}";

    private static string Host(RefusalArguments a) => a.Host is null ? $"the hypervisor of {a.Site}" : $"host {a.Host} of {a.Site}";

    // Enough to begin with: a refusal that lists a thousand is read by nobody.
    private static string Some(NameList? names) => names is { Names: { Length: > MostNamed } all }
        ? $"{string.Join(", ", all.Take(MostNamed))} and {all.Length - MostNamed} more"
        : $"{names}";

    private static string First(NameList? names) => names?.Names.FirstOrDefault() ?? "";

    private static string Last(NameList? names) => names?.Names.LastOrDefault() ?? "";

    /// <summary>Bytes with their unit: GiB.</summary>
    internal static string Amount(long bytes) => Gib(bytes);

    private static string Gib(double? bytes) => $"{Short(bytes / (1L << 30))} GiB";

    private static string Short(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

    // Reasons of plans write times in the same way.
    internal static string Minute(DateTimeOffset? at) => Text(at, "yyyy-MM-dd'T'HH:mm'Z'");

    private static string Second(DateTimeOffset? at) => Text(at, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Text(DateTimeOffset? at, string format) => at?.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
