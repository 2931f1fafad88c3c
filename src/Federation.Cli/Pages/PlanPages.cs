using System.Globalization;
using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Plans, for people.</summary>
internal static class PlanPages
{
    /// <summary>One row for each plan.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="isWaiting">Whether to show whose approval is missing.</param>
    public static Page List(IEnumerable<PlanDocument> plans, bool isWaiting) => isWaiting ? Waiting(plans) : Page.Of(
        new Sheet("PLAN", "APPLICATION", "MADE AT", "DECISION", "STATUS", "STATE", ">STEPS", ">COST", ">TIME").Rows(plans, plan =>
        [
            plan.Id,
            plan.Application,
            Cells.Instant(plan.MadeAt),
            Word(plan.Decision),
            Word(plan.Status),
            plan.State is { } state ? Word(state) : null,
            $"{plan.Steps.Length}",
            plan.After is { } after ? Money(after.Cost) : null,
            plan.After is { } end ? Cells.Seconds(end.Time) : null,
        ]));

    private static Page Waiting(IEnumerable<PlanDocument> plans) => Page.Of(
        new Sheet("PLAN", "APPLICATION", "MADE AT", "DECISION", ">STEPS", "MISSING").Rows(plans, plan =>
            [plan.Id, plan.Application, Cells.Instant(plan.MadeAt), Word(plan.Decision), $"{plan.Steps.Length}", string.Join(", ", plan.Missing)]));

    /// <summary>What would change, what it costs and gains, and why.</summary>
    public static Page Describe(PlanDocument plan)
    {
        var page = new Page().Line(Title(plan));
        if (!plan.Unasked.IsDefaultOrEmpty)
        {
            page.Line($"Could not be asked, so that nothing comes there or leaves: {string.Join(", ", plan.Unasked)}");
        }

        page.Line(Verdict(plan));
        if (plan.StateText is { } state)
        {
            page.Line(state);
        }

        page.Bullets("Half-way", plan.HalfWay.IsDefault ? [] : plan.HalfWay);
        AddTerms(page, plan);
        if (!plan.Placement.IsDefaultOrEmpty)
        {
            page.Heading("Placement").Add(new Sheet("VM", "SITE", "OFFER", ">HOSTING", ">TRAFFIC", ">MOVING").Rows(plan.Placement, vm =>
                [vm.Vm, vm.Site, vm.Offer, Cells.Number(vm.Hosting), Cells.Number(vm.Traffic), Cells.Number(vm.Moving)]));
        }

        if (!plan.Endpoints.IsDefaultOrEmpty)
        {
            page.Heading("Traffic with endpoints").Add(new Sheet("ENDPOINTS", "SITE", ">TRAFFIC", ">LONGEST WAIT").Rows(plan.Endpoints, at =>
                [string.Join(", ", at.Endpoints), at.Site, Money(at.Traffic), Cells.Seconds(at.Wait)]));
        }

        if (!plan.Steps.IsDefaultOrEmpty)
        {
            page.Heading("Steps").Add(StepsOf(plan.Steps));
        }

        if (plan.LeaveAt is { } leave)
        {
            PlanDocument.Part[] later = [new(leave, plan.Later), .. plan.Then.IsDefault ? [] : plan.Then];
            page.Heading("Over time").Add(OverTime(plan, later));
            foreach (var part in later)
            {
                page.Heading($"Later, from {Cells.Instant(part.At)} on").Add(StepsOf(part.Steps));
            }
        }

        page.Bullets("Why", plan.Why);
        if (!plan.Waits.IsDefaultOrEmpty)
        {
            page.Bullets("By itself the service would wait", plan.Waits);
        }

        AddRunnersUp(page, plan);
        if (!plan.Rejected.IsDefaultOrEmpty)
        {
            page.Heading("Sites out of the question").Add(new Sheet("SITE", "REASON").Rows(plan.Rejected, rejection => [rejection.Site, rejection.Reason]));
        }

        return page.Bullets("What if", plan.WhatIf.IsDefault ? [] : plan.WhatIf);
    }

    private static string Title(PlanDocument plan)
    {
        var name = plan.Id is null ? "Plan" : $"Plan {plan.Id}";
        var state = plan.State is { } known ? $" ({Word(known)})" : "";
        return $"{name}{state} for application {plan.Application}, as of {Cells.Instant(plan.MadeAt)}";
    }

    private static string Verdict(PlanDocument plan)
    {
        var bound = plan.Bound is { } known ? $", bound {Cells.Number(known)}" : "";
        var gap = plan.Gap is { } share ? $", gap {Cells.Percent(share)}" : "";
        return $"Decision: {Word(plan.Decision)}; objective {Word(plan.Objective)}; {Word(plan.Status)}{bound}{gap}";
    }

    private static Sheet StepsOf(IEnumerable<PlanDocument.Step> steps) =>
        new Sheet(">", "VM", "FROM", "TO", "KIND", ">STARTS", ">BYTES", ">DURATION", ">DOWNTIME", ">EGRESS", ">DOUBLE HOSTING").Rows(steps.Index(), entry =>
        {
            var (index, step) = entry;
            return
            [
                $"{index + 1}", step.Vm, Cells.Place(step.From), step.To == step.From ? "another host there" : Cells.Place(step.To), step.IsRestart ? "restart" : step.IsCold ? "cold" : "live", $"+{Cells.Seconds(step.Start)}",
                Cells.Bytes(step.Bytes), Cells.Seconds(step.Duration), Cells.Seconds(step.Downtime), Money(step.Egress), Money(step.DoubleHosting),
            ];
        });

    // One line for each VM that moves, now or later: where it is from each instant on; an arrow where it stays.
    private static Sheet OverTime(PlanDocument plan, PlanDocument.Part[] later) =>
        new Sheet(["VM", "BEFORE", $"NOW {Cells.Instant(plan.MadeAt)}", .. later.Select(part => $"FROM {Cells.Instant(part.At)}")]).Rows(
            plan.Placement.Where(vm => later.SelectMany(part => part.Steps).Concat(plan.Steps).Any(step => step.Vm == vm.Vm)),
            vm =>
            [
                vm.Vm, plan.Steps.FirstOrDefault(step => step.Vm == vm.Vm) is { } first ? Cells.Place(first.From) : $"{vm.Site}/{vm.Offer}",
                plan.Steps.Any(step => step.Vm == vm.Vm) ? $"{vm.Site}/{vm.Offer}" : Stays,
                .. later.Select(part => part.Steps.LastOrDefault(step => step.Vm == vm.Vm) is { } step ? Cells.Place(step.To) : Stays),
            ]);

    private const string Stays = "->";

    private static void AddRunnersUp(Page page, PlanDocument plan)
    {
        var seconds = plan.Placement.IsDefault ? [] : plan.Placement.Where(vm => vm.RunnerUp is not null).ToList();
        if (seconds.Count > 0)
        {
            page.Heading("Second place of each VM, and what it would change").Add(
                new Sheet("VM", "SITE", "INSTEAD", ">HOSTING", ">TRAFFIC", ">MOVING", ">TIME").Rows(seconds, vm =>
                [
                    vm.Vm, vm.Site, $"{vm.RunnerUp!.Site}/{vm.RunnerUp.Offer}", Signed(vm.RunnerUp.Hosting), Signed(vm.RunnerUp.Traffic),
                    Signed(vm.RunnerUp.Moving), $"{(vm.RunnerUp.Time < 0 ? "-" : "+")}{Cells.Seconds(Math.Abs(vm.RunnerUp.Time))}",
                ]));
        }

        var stopped = plan.Placement.IsDefault ? [] : plan.Placement.SelectMany(vm => vm.Rejected, (vm, rejection) => (vm.Vm, Rejection: rejection))
            .Where(entry => plan.Rejected.All(all => all.Site != entry.Rejection.Site)).ToList();
        if (stopped.Count > 0)
        {
            page.Heading("What keeps VMs from sites").Add(new Sheet("SITE", "VMS", "FIRST REASON").Rows(
                stopped.GroupBy(entry => entry.Rejection.Site),
                site => [site.Key, $"{site.Count()}", $"{site.First().Vm}: {site.First().Rejection.Reason}"]));
        }
    }

    private static string Signed(double amount) => amount.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture);

    private static void AddTerms(Page page, PlanDocument plan)
    {
        if (plan.After is not { } after)
        {
            return;
        }

        var sheet = new Sheet("TERM", ">BEFORE", ">AFTER", ">CHANGE");
        Term(sheet, "hosting", plan, terms => terms.Hosting, Money);
        Term(sheet, "traffic", plan, terms => terms.Traffic, Money);
        Term(sheet, "moving", plan, terms => terms.Moving, Money);
        Term(sheet, "cost", plan, terms => terms.Cost, Money);
        if (after.Preference != 0 || plan.Before is { Preference: not 0 })
        {
            Term(sheet, "preference", plan, terms => terms.Preference, Money);
        }

        Term(sheet, "time", plan, terms => terms.Time, Cells.Seconds);
        Term(sheet, "utilization", plan, terms => terms.Utilization, Cells.Percent);
        if (plan.GramsAfter is { } grams)
        {
            Term(sheet, "emissions", plan.GramsBefore, grams, Mass);
        }

        page.Heading("Terms").Add(sheet);
    }

    private static string Mass(double grams) => grams >= 1e6 ? $"{Cells.Number(grams / 1e6)} t CO2e" : grams >= 1000 ? $"{Cells.Number(grams / 1000)} kg CO2e" : $"{Cells.Number(grams)} g CO2e";

    private static void Term(Sheet sheet, string name, PlanDocument plan, Func<PlanDocument.Terms, double> value, Func<double, string> text) =>
        Term(sheet, name, plan.Before is { } terms ? value(terms) : null, value(plan.After!), text);

    private static void Term(Sheet sheet, string name, double? before, double after, Func<double, string> text)
    {
        var change = before is { } from && from != 0
            ? ((after - from) / Math.Abs(from) * 100).ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture) + " %"
            : null;
        sheet.Row(name, before is { } known ? text(known) : null, text(after), change);
    }

    private static string Money(double amount) => Cells.Number(amount);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
