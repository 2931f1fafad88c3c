using System.Data.Common;
using System.Text.Json.Nodes;

namespace Federation.Storage.Upgrading;

/// <summary>What came of an upgrade.</summary>
/// <param name="Change">The versions before and after; the same: there was nothing to do.</param>
/// <param name="Refusal">Why nothing was done; null: it was done.</param>
public sealed record UpgradeOutcome(SchemaChange Change, string? Refusal);

/// <summary>Brings the database of the version before to this version while the service stands still: all of it or nothing.</summary>
public static class DatabaseUpgrade
{
    /// <summary>Upgrades in one transaction: a process that ends half-way leaves the database as it was. Run again, it changes nothing.</summary>
    /// <param name="database">The database; it has a schema.</param>
    /// <param name="hypervisor">The simulated hypervisor's files, which get new names too; null: there are none.</param>
    /// <param name="dryRun">Whether to take everything back at the end.</param>
    /// <param name="time">Tells which silos are alive.</param>
    /// <param name="progress">Is told each step before it runs.</param>
    /// <exception cref="StorageUnavailableException">The database cannot be reached, or is in use.</exception>
    public static UpgradeOutcome Run(
        FederationDatabase database, SimulatedVmNames? hypervisor, bool dryRun, TimeProvider time, Action<string> progress) => DatabaseSchema.Guarded(database, () =>
    {
        using var connection = database.Open();
        using var transaction = database.BeginSchemaChange(connection);
        var found = DatabaseSchema.VersionOf(transaction);
        var scripts = SqlText.Schema(database.Dialect);
        if (Refusal(transaction, scripts, found, time.GetUtcNow()) is { } reason)
        {
            return new UpgradeOutcome(new(found, found), $"{database.Place}: {reason}");
        }

        var work = new UpgradeWork(transaction);
        var change = DatabaseSchema.ApplyIn(transaction, database.Dialect, time, script => Rewrite(work, script, progress));
        if (!dryRun)
        {
            // Copied first: until the transaction is committed the version before finds everything where it was.
            if (Rewriting(scripts, found).Any())
            {
                hypervisor?.Copy(work.Lives);
            }

            transaction.Commit();
            hypervisor?.PutOldAside();
        }

        return new UpgradeOutcome(change, null);
    });

    private static IEnumerable<SchemaScript> Rewriting(IReadOnlyList<SchemaScript> scripts, int found) =>
        scripts.Where(script => script.Version > found && script.UpgradesFrom is not null);

    private static void Rewrite(UpgradeWork work, SchemaScript script, Action<string> progress)
    {
        foreach (var step in UpgradeChain.Of(script))
        {
            progress(step.Name);
            step.Run(work);
        }
    }

    private static string? Refusal(DbTransaction transaction, IReadOnlyList<SchemaScript> scripts, int found, DateTimeOffset now)
    {
        if (found > scripts[^1].Version)
        {
            return $"schema version {found} is newer than this program, which knows version {scripts[^1]} at most: use the fedctl of the service that wrote it";
        }

        if (Rewriting(scripts, found).FirstOrDefault() is not { } next)
        {
            return null;
        }

        return found < next.UpgradesFrom
            ? $"schema version {scripts.First(script => script.Version == found)} is too old: this program upgrades from version "
                + $"{scripts.First(script => script.Version == next.UpgradesFrom)}. Start the service of that version on it once, stop it, and try again"
            : StandingStill.Refusal(transaction, now);
    }
}

/// <summary>Whether the service stands still, as far as its database tells.</summary>
internal static class StandingStill
{
    private const int Dead = 6;

    // A silo says so every 10 s, or every 30 s with Federation:Network Wan.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(90);

    /// <summary>What is still at work, and what to do about it; null: nothing is.</summary>
    public static string? Refusal(DbTransaction transaction, DateTimeOffset now) => Alive(transaction, now) ?? Busy(new(transaction));

    private static string? Alive(DbTransaction transaction, DateTimeOffset now)
    {
        var silos = transaction.Query(
            "SELECT SiloName, HostName, Address, Port, IAmAliveTime FROM orleans_membership WHERE Status <> @dead",
            row => (Name: $"{row.GetString(0)} ({row.GetString(1)}, {row.GetString(2)}:{row.GetValue(3)})", Seen: TimeOf(row.GetValue(4))),
            ("@dead", Dead));
        var alive = silos.Where(silo => now - silo.Seen < SilentFor).Select(silo => $"{silo.Name}, heard {(now - silo.Seen).TotalSeconds:0} s ago").ToList();
        return alive.Count == 0 ? null
            : $"a silo is alive: {string.Join("; ", alive)}. Stop every silo, and try again; one that was killed counts as alive for {SilentFor.TotalSeconds:0} s";
    }

    // A plan half-way has migrations whose names the hypervisor knows.
    private static string? Busy(StoredGrains grains)
    {
        var plans = grains.Of("placement").SelectMany(grain => grain.State?["plans"]?.AsArray() ?? [])
            .Where(plan => (string?)plan!["state"] == "applying").Select(plan => $"plan {plan!["id"]}");
        var migrations = grains.Of("migration").Select(grain => grain.State?["migration"]).OfType<JsonObject>()
            .Where(migration => (string?)migration["phase"] is not ("done" or "rolledBack")).Select(migration => $"migration {migration["order"]!["id"]}");
        var busy = plans.Concat(migrations).ToList();
        return busy.Count == 0 ? null
            : $"{string.Join(", ", busy)} is being carried out. Start the service of the version before, wait until 'fedctl migration list' says that it has ended, "
                + "stop it, and try again";
    }

    private static DateTimeOffset TimeOf(object value) =>
        value is DateTime time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : Lives.TimeOf((string)value);
}
