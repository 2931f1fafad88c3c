using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>The sentences of <see cref="PlanReason"/>: the one place that has them.</summary>
public static class PlanReasonText
{
    private const int MostNamed = 10;

    /// <summary>The sentence, in English and without a full stop.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The reason has no sentence: a bug.</exception>
    public static string Of(PlanReason reason) => reason switch
    {
        PlanReason.FirstPlacement { Terms: var terms } => $"first placement: {Of(terms)}",
        PlanReason.MakesRoom makes => $"no place was found for {Some(makes.Vms)} while the VMs that run stay where they are",
        PlanReason.PriceNotKnown unknown => $"the price of {Some(unknown.Places)} is not known now: what it costs to stay there counts as nothing while that is so, "
            + "nobody comes there, and staying and leaving are compared by all else",
        PlanReason.StayingImpossible { IsLastWay: true } staying => $"staying is not possible either: {RefusalText.Of(staying.Refusal)}",
        PlanReason.StayingImpossible staying => $"staying is not possible: {RefusalText.Of(staying.Refusal)}",
        PlanReason.NothingBetter { Terms: var terms } => $"nothing is better than staying: {Of(terms)}",
        PlanReason.Gain gain => Of(gain),
        PlanReason.Costs costs => $"{NameOf(costs.Of)}: {Of(costs.Terms)}",
        PlanReason.StopsOnTheWay stop =>
            $"{stop.Vm} stops at {stop.At} on its way: without a stop there is no order of moves in which every site has room",
        PlanReason.MovesCold cold => Of(cold),
        PlanReason.RestartsInPlace restart => Of(restart),
        PlanReason.SlowsDown slow => $"the processors of {Some(slow.Vms)} are slowed down on the way from {slow.From} to {slow.To}, or the copying would not end in time: "
            + $"up to {Number(slow.LostSeconds)} s of run time are lost",
        PlanReason.SiteCloses closes => Of(closes),
        PlanReason.MovesLater moves => Of(moves),
        PlanReason.LeavingAsks { Sites: var sites } =>
            $"{string.Join(", ", sites)} will be asked to approve the leaving when it is time: no approval of this plan covers it, and until it is given VMs stay",
        PlanReason.LeavesInTime => "the time has come for what was planned for now",
        PlanReason.SecondBest second => Of(second),
        PlanReason.WorseByObjective => "it is worse by the objective",
        PlanReason.NoBetter => "it is no better, ties go to what is there",
        PlanReason.NoPlacement => "no placement holds all constraints; each site's first obstacle is listed",
        PlanReason.AsWanted wanted => $"{wanted.Vm} is to be at {wanted.Site}, as was asked for"
            + $"{(wanted.Along.Names.IsEmpty ? "" : $"; {wanted.Along} go along, for they have to be at one site")}; all others stay",
        PlanReason.DrainsHost drains => Of(drains),
        PlanReason.AdvisedBySite advised => Of(advised),
        PlanReason.CannotLeave no => $"no other host of {no.Site} and no other site can take {no.Vms}: they stay on {no.Site}/{no.Host}, and are tried again while it is drained",
        PlanReason.StaysOnHost stays => $"{Some(stays.Vms)} cannot move to another host of {stays.Site}: {RefusalText.Of(stays.Refusal)}",
        PlanReason.WantedChange change => Of(change),
        PlanReason.WantedImpossible no => $"{no.Vm} cannot be at {no.Site}, as was asked for: {RefusalText.Of(no.Refusal)}",
        PlanReason.LeavesWanted { Vm: var vm, Site: var site, By: var by } => $"{vm} is at {site} because plan {by.Local} was asked for; this plan takes it away for the reasons given",
        PlanReason.NoneFoundInTime { Solver: var solver } => $"no placement was found in time ({solver}); that does not prove that there is none",
        PlanReason.NoTraffic => "no traffic is known: who talks with whom counts for nothing in this plan; prices, sizes and limits alone decide",
        PlanReason.OldTraffic old => $"the newest traffic that is known ends at {RefusalText.Minute(old.Until)}, {Age(old.AgeSeconds)} before this plan: it is taken to go on as it was then",
        PlanReason.UnknownTraffic unknown => $"what {Some(unknown.Vms)} {(unknown.Vms.Names.Length == 1 ? "receives" : "receive")} is not known, and counts for nothing in this plan",
        PlanReason.OneRuleForbids no => $"one rule forbids every placement: {RefusalText.Of(no.Refusal)}",
        PlanReason.Said { Text: var text } => text,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "this reason has no text"),
    };

    private static string Of(PlanReason.Gain gain)
    {
        var share = gain.Stay > 0 ? (gain.Stay - gain.Best) / gain.Stay : 0;
        return $"{NameOf(gain.Objective)}{(gain.WithPreference ? " and preference" : "")} {Number(gain.Stay)} by staying, {Number(gain.Best)} after {gain.Moves} {(gain.Moves == 1 ? "migration" : "migrations")}: "
            + $"a gain of {Number(gain.Stay - gain.Best)} ({Percent(share)}), {(gain.IsEnough ? "more" : "not more")} than {Of(gain.Limit)}";
    }

    private static string Of(PlanReason.DrainsHost drains)
    {
        var within = drains.Within.Names.IsEmpty ? [] : new[] { $"{drains.Within} to other hosts of {drains.Site}, which picks them when the step begins" };
        var elsewhere = drains.Elsewhere.Names.IsEmpty ? [] : new[] { $"{drains.Elsewhere} to other sites, for no other host of {drains.Site} can take them" };
        string[] all = [.. within, .. elsewhere];
        return $"host {drains.Site}/{drains.Host} is to be emptied: {(all.Length == 0 ? "nothing can leave" : string.Join("; ", all))}";
    }

    private static string Of(PlanReason.AdvisedBySite advised)
    {
        var within = advised.Within.Names.IsEmpty ? [] : new[] { $"{advised.Within}, which costs nothing" };
        var elsewhere = advised.Elsewhere.Names.IsEmpty ? [] : new[] { $"{advised.Elsewhere} to other sites" };
        string[] all = [.. within, .. elsewhere];
        return $"the administrators of {advised.Site} ask for it, to switch off what is empty of {advised.Hosts}: {(all.Length == 0 ? "nothing can leave" : string.Join("; ", all))}. Nobody has to: "
            + "'fedctl apply' does it, else all stays as it is";
    }

    private static string Of(PlanReason.RestartsInPlace restart) =>
        $"{Some(restart.Vms)} {(restart.Vms.Names.Length == 1 ? "restarts" : "restart")} at {restart.From.Site}: {restart.From.Offer} -> {restart.To.Offer}, {Number(restart.DowntimeSeconds)} s"
        + (restart.LostSeconds > 0 ? $" and {Number(restart.LostSeconds)} s of run time lost" : "")
        + (restart.Vms.Names.Length == 1 ? "" : " each")
        + restart.SavedPerHour switch
        {
            null or 0 => "",
            < 0 => $", costs {Number(-restart.SavedPerHour.Value)} an hour more",
            { } less => $", saves {Number(less)} an hour",
        };

    private static string Of(PlanReason.MovesCold cold) =>
        $"{Some(cold.Vms)} {(cold.Vms.Names.Length == 1 ? "moves" : "move")} cold from {cold.From} to {cold.To}, stopped and started anew: "
        + $"{Number(cold.DowntimeSeconds)} s of downtime{(cold.Vms.Names.Length == 1 ? "" : " at most")} and {Number(cold.LostSeconds)} s of lost work each; live is not possible, {WhyNotLive(cold.Refusal)}";

    private static string WhyNotLive(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.MoveNotLive => $"site {refusal.Arguments.Sites} lets no VM move live",
        RefusalCode.MoveHardware => $"hosts of {refusal.Arguments.Site} and of {refusal.Arguments.To} have not in common {refusal.Arguments.Detail}",
        RefusalCode.MoveDowntime => $"{refusal.Arguments.Vm} would stand still for {Number(refusal.Arguments.Needed ?? 0)} s, and {Number(refusal.Arguments.Limit ?? 0)} s is the longest",
        RefusalCode.MoveDuration => $"{refusal.Arguments.Vm} would be on its way for {Number(refusal.Arguments.Needed ?? 0)} s, and {Number(refusal.Arguments.Limit ?? 0)} s is the longest",
        _ => RefusalText.Of(refusal),
    };

    private static string Some(NameList vms) => vms.Names.Length <= MostNamed
        ? $"{vms}"
        : $"{string.Join(", ", vms.Names.Take(MostNamed))} and {vms.Names.Length - MostNamed} more";

    private static string Of(PlanReason.WantedChange change)
    {
        var more = change.Then - change.Stay;
        var share = change.Stay > 0 ? $" ({Percent(Math.Abs(more) / change.Stay)})" : "";
        var said = more == 0 ? "the same" : $"{Number(Math.Abs(more))} {(more > 0 ? "more" : "less")}{share}";
        var besides = change.Objective == Objective.Cost && (change.Before.Preference != 0 || change.After.Preference != 0) ? " and preference" : "";
        return $"{NameOf(change.Objective)}{besides} {Number(change.Stay)} by staying, {Number(change.Then)} with the move: {said}; "
            + $"hosting {Signed(change.After.Hosting - change.Before.Hosting)}, traffic {Signed(change.After.Traffic - change.Before.Traffic)}, "
            + $"moving {Signed(change.After.Moving - change.Before.Moving)}, {Preferred(change.After.Preference - change.Before.Preference)}time {Signed(change.After.TimeSeconds - change.Before.TimeSeconds)} s"
            + (change.IsBetter ? "" : ": by the objective staying is better, or as good");
    }

    private static string Of(GainLimit limit) => limit.Kind switch
    {
        GainLimitKind.Moving => $"{Number(limit.Factor)} times the {Number(limit.Moving)} that moving costs",
        GainLimitKind.PredictionError => $"the error of the predictions, {Percent(limit.Factor)}",
        _ => $"the margin of {Percent(limit.Factor)}",
    };

    private static string Of(PlanReason.SiteCloses closes) =>
        $"{string.Join(", ", closes.Sites.Select(site => $"{site.Site} (until {RefusalText.Minute(site.Until)})"))} closes before the application ends: "
        + $"from {RefusalText.Minute(closes.From)} on {closes.Vms} {(closes.Vms == 1 ? "VM leaves" : "VMs leave")}, which costs {Number(closes.Cost)} of the moving";

    private static string Of(PlanReason.MovesLater moves) =>
        $"{(moves.Event is { } known ? Of(known) : "the world changes as is known")}: from {RefusalText.Minute(moves.From)} on {moves.Vms} {(moves.Vms == 1 ? "VM moves" : "VMs move")}, "
        + $"which costs {Number(moves.Cost)} of the moving";

    private static string Of(KnownEvent known) => known.Kind switch
    {
        KnownEventKind.PriceFalls or KnownEventKind.PriceRises => FormattableString.Invariant($"{known.Site}/{known.Offer} costs {known.After:0.####} an hour from {RefusalText.Minute(known.At)} on")
            + (known.Before is { } before ? FormattableString.Invariant($", {before:0.####} until then") : ", what it costs until then is not known"),
        KnownEventKind.SiteOpens => $"{known.Site} opens at {RefusalText.Minute(known.At)}",
        KnownEventKind.SiteCloses => $"{known.Site} closes at {RefusalText.Minute(known.At)}",
        KnownEventKind.ArrivalsOpen => $"{known.Site} lets VMs arrive from {RefusalText.Minute(known.At)} on",
        KnownEventKind.ArrivalsClose => $"{known.Site} lets VMs arrive until {RefusalText.Minute(known.At)} only",
        KnownEventKind.DeparturesOpen => $"{known.Site} lets VMs leave from {RefusalText.Minute(known.At)} on",
        _ => $"{known.Site} lets VMs leave until {RefusalText.Minute(known.At)} only",
    };

    private static string Of(PlanReason.SecondBest second)
    {
        var (there, chosen) = (second.Terms.Estimate, second.Chosen);
        return $"second best: {second.Summary}, {Of(second.Terms)}; hosting {Signed(there.Hosting - chosen.Hosting)}, "
            + $"traffic {Signed(there.Traffic - chosen.Traffic)}, moving {Signed(there.Moving - chosen.Moving)}, "
            + $"{Preferred(there.Preference - chosen.Preference)}time {Signed(there.TimeSeconds - chosen.TimeSeconds)} s"
            + (second.Worse is { } share ? $": {Signed(share * 100)} % of the objective" : "");
    }

    private static string Of(PlanTerms terms) =>
        $"cost {Number(terms.Estimate.Cost)} {terms.Currency} (hosting {Number(terms.Estimate.Hosting)}, traffic {Number(terms.Estimate.Traffic)}, "
        + $"moving {Number(terms.Estimate.Moving)}){(terms.Estimate.Preference == 0 ? "" : $", preference {Number(terms.Estimate.Preference)}")}, time {Number(terms.Estimate.TimeSeconds)} s, utilization {Percent(terms.Estimate.Utilization)}";

    private static string Preferred(double more) => more == 0 ? "" : $"preference {Signed(more)}, ";

    private static string NameOf(PlacementRole role) => role switch
    {
        PlacementRole.Best => "the best placement",
        PlacementRole.Before => "before",
        PlacementRole.After => "after",
        PlacementRole.Staying => "staying",
        _ => "the best move",
    };

    private static string NameOf(Objective objective) => objective switch
    {
        Objective.Cost => "cost",
        Objective.Time => "time",
        _ => "paid vCPUs",
    };

    private static string Age(double seconds) => seconds < 5400 ? $"{Whole(seconds / 60)} min" : seconds < 172_800 ? $"{Whole(seconds / 3600)} h" : $"{Whole(seconds / 86_400)} days";

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Signed(double difference) => difference.ToString("+0.####;-0.####;+0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
