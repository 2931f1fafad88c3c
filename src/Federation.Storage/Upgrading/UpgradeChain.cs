using System.Data.Common;

namespace Federation.Storage.Upgrading;

/// <summary>What the steps of an upgrade work on: one transaction, and what they tell each other.</summary>
internal sealed class UpgradeWork(DbTransaction transaction)
{
    private Lives? lives;

    /// <summary>The transaction.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>The rows of grains' state.</summary>
    public StoredGrains Grains { get; } = new(transaction);

    /// <summary>The lives of the applications' names, as they were before the first step.</summary>
    public Lives Lives => lives ??= Lives.Read(transaction, Grains);

    /// <summary>The new names of plans and migrations, by their old ones.</summary>
    public Dictionary<string, string> Renamed { get; } = new(StringComparer.Ordinal);

    /// <summary>What a thing is called now that was called by the name of a plan or migration; anything else keeps its name.</summary>
    public string NameOf(string old) => Renamed.GetValueOrDefault(old, old);
}

/// <summary>One step: it finds what the step before it left.</summary>
/// <param name="Name">What is rewritten, for people.</param>
/// <param name="Run">Rewrites it.</param>
internal sealed record UpgradeStep(string Name, Action<UpgradeWork> Run);

/// <summary>How stored rows become those of a version, step by step.</summary>
internal static class UpgradeChain
{
    // Plans come first: what they and their migrations are called now is needed by VMs and sites.
    private static readonly UpgradeStep[] Identity =
    [
        new("names and their lives", work => _ = work.Lives),
        new("plans", PlanSteps.Plans),
        new("migrations", PlanSteps.Migrations),
        new("reasons", ReasonSteps.Sentences),
        new("sites' ledgers", PlaceSteps.Ledgers),
        new("hosts", PlaceSteps.Hosts),
        new("VMs", PlaceSteps.Vms),
        new("communication groups", ApplicationSteps.Groups),
        new("retention", ApplicationSteps.Retention),
        new("applications", ApplicationSteps.Applications),
        new("sites' allocations", LedgerSteps.Allocations),
        new("plans' lives", SagaSteps.Plans),
        new("the federation", ApplicationSteps.Federation),
        new("reminders", TableSteps.Reminders),
        new("traffic", TableSteps.Traffic),
        new("events", TableSteps.Events),
        new("silos that are gone", TableSteps.Membership),
    ];

    /// <summary>The steps of a version, by its name.</summary>
    /// <exception cref="InvalidOperationException">There are none: a bug.</exception>
    public static IReadOnlyList<UpgradeStep> Of(SchemaScript script) => script.Name switch
    {
        "identity" => Identity,
        _ => throw new InvalidOperationException($"schema version {script} has no steps"),
    };
}
