using System.Text.Json;
using Federation.Api;
using Federation.Cli.Commandline;
using Federation.Cli.Output;
using Federation.Cli.Service;
using Federation.Domain.Plans;

namespace Federation.Cli.Commands;

/// <summary>What a plan would do, in one sentence.</summary>
/// <param name="plan">The plan.</param>
/// <param name="starts">How many VMs that are nowhere yet it starts.</param>
/// <param name="currency">The federation's; empty: not known.</param>
internal sealed class PlanProspect(PlanDocument plan, int starts, string currency)
{
    /// <summary>Asks the service what a plan says, and how many VMs are nowhere yet; nothing to agree to where it was started before.</summary>
    public static async Task<Prospect> Look(ServiceCall call, string name)
    {
        var plan = await call.Get<PlanDocument>(Route.To("plans", name));
        if (plan.State is not PlanState.Proposed)
        {
            // It was started before, or has ended: the service says so.
            return Prospect.Nothing;
        }

        var starts = plan.Before is null && !plan.Placement.IsDefaultOrEmpty
            ? (await call.Get<ApplicationDocument>(Route.To("applications", plan.Application))).Vms.Count(vm => vm.At is null)
            : 0;
        return new(new PlanProspect(plan, starts, await CurrencyOf(call)).Sentence, "Apply it?", StopsVms: false);
    }

    /// <summary>How many VMs start and move, where to, what the moves cost, and what all of it costs before and after.</summary>
    public string Sentence
    {
        get
        {
            var does = string.Join(" and ", new[] { Starts(), Moves() }.OfType<string>());
            return Cells.Plain($"Plan {plan.Id} {(does.Length > 0 ? does : "changes nothing")}{Costs()}.");
        }
    }

    private string? Starts() => starts > 0 ? $"starts {Vms(starts)}" : null;

    private string? Moves() => plan.Steps.IsDefaultOrEmpty ? null
        : $"moves {Vms(plan.Steps.Length)} ({string.Join(", ", plan.Steps.GroupBy(step => step.To.Site).Select(to => $"{to.Count()} to {to.Key}"))}), "
            + $"which costs {Money(plan.Steps.Sum(step => step.Egress + step.DoubleHosting))}";

    private string Costs() => (plan.Before, plan.After) switch
    {
        ({ } before, { } after) => $"; the cost of all goes from {Money(before.Cost)} to {Money(after.Cost)}",
        (null, { } after) => $"; all costs {Money(after.Cost)}",
        _ => "",
    };

    private string Money(double amount) => currency.Length > 0 ? $"{Cells.Number(amount)} {currency}" : Cells.Number(amount);

    private static string Vms(int count) => count == 1 ? "1 VM" : $"{count} VMs";

    // Whoever may see no site sees the figures without it.
    private static async Task<string> CurrencyOf(ServiceCall call) =>
        (await call.Get<SiteDocument[]>(Route.To("sites"))).Select(site => site.Spec)
            .Where(spec => spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("currency", out _))
            .Select(spec => spec.GetProperty("currency").GetString()).FirstOrDefault() ?? "";
}
