using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Migrations, for people.</summary>
internal static class MigrationPages
{
    /// <summary>One row for each migration.</summary>
    public static Page List(IEnumerable<MigrationDocument> migrations) => Page.Of(
        new Sheet("MIGRATION", "VM", "FROM", "TO", "PHASE", "STARTED", "ENDED", "REASON").Rows(migrations, migration =>
        [
            migration.Id, $"{migration.Application}/{migration.Vm}", Cells.Place(migration.From), Cells.Place(migration.To),
            migration.Phase, Cells.Instant(migration.StartedAt), Cells.Instant(migration.EndedAt), migration.Reason,
        ]));

    /// <summary>One migration.</summary>
    public static Page Describe(MigrationDocument migration)
    {
        var page = new Page()
            .Line($"Migration {migration.Id} of {migration.Application}/{migration.Vm}")
            .Line($"  plan     {migration.Plan}")
            .Line($"  from     {Cells.Place(migration.From)}")
            .Line($"  to       {Cells.Place(migration.To)}")
            .Line($"  phase    {migration.Phase}")
            .Line($"  epoch    {migration.Epoch}")
            .Line($"  started  {Cells.Instant(migration.StartedAt)}")
            .Line($"  ended    {(migration.EndedAt is null ? "not yet" : Cells.Instant(migration.EndedAt))}");
        return migration.Reason is null ? page : page.Line($"  reason   {migration.Reason}");
    }
}
