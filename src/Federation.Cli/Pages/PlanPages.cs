using System.Globalization;
using Federation.Cli.Output;
using Federation.Domain.Documents;

namespace Federation.Cli.Pages;

/// <summary>Plans, for people.</summary>
internal static class PlanPages
{
    /// <summary>One row for each plan.</summary>
    public static Page List(IEnumerable<PlanDocument> plans) => Page.Of(
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

    /// <summary>What would change, what it costs and gains, and why.</summary>
    public static Page Describe(PlanDocument plan)
    {
        var page = new Page().Line(Title(plan)).Line(Verdict(plan));
        AddTerms(page, plan);
        if (!plan.Placement.IsDefaultOrEmpty)
        {
            page.Heading("Placement").Add(new Sheet("VM", "SITE", "OFFER", ">HOSTING", ">TRAFFIC", ">MOVING").Rows(plan.Placement, vm =>
                [vm.Vm, vm.Site, vm.Offer, Cells.Number(vm.Hosting), Cells.Number(vm.Traffic), Cells.Number(vm.Moving)]));
        }

        if (!plan.Steps.IsDefaultOrEmpty)
        {
            page.Heading("Steps").Add(StepsOf(plan));
        }

        page.Bullets("Why", plan.Why);
        return plan.Rejected.IsDefaultOrEmpty ? page : page.Heading("Sites out of the question").Add(
            new Sheet("SITE", "REASON").Rows(plan.Rejected, rejection => [rejection.Site, rejection.Reason]));
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

    private static Sheet StepsOf(PlanDocument plan) =>
        new Sheet(">", "VM", "FROM", "TO", ">BYTES", ">DURATION", ">DOWNTIME").Rows(plan.Steps.Index(), entry =>
        {
            var (index, step) = entry;
            return
            [
                $"{index + 1}", step.Vm, Cells.Place(step.From), Cells.Place(step.To),
                Cells.Bytes(step.Bytes), Cells.Seconds(step.Duration), Cells.Seconds(step.Downtime),
            ];
        });

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
        Term(sheet, "time", plan, terms => terms.Time, Cells.Seconds);
        Term(sheet, "utilization", plan, terms => terms.Utilization, Cells.Percent);
        page.Heading("Terms").Add(sheet);
    }

    private static void Term(
        Sheet sheet, string name, PlanDocument plan, Func<PlanDocument.Terms, double> value, Func<double, string> text)
    {
        var after = value(plan.After!);
        var before = plan.Before is { } terms ? value(terms) : (double?)null;
        var change = before is { } from && from != 0
            ? ((after - from) / Math.Abs(from) * 100).ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture) + " %"
            : null;
        sheet.Row(name, before is { } known ? text(known) : null, text(after), change);
    }

    private static string Money(double amount) => Cells.Number(amount);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
