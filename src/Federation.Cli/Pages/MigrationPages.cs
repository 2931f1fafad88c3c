using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Migrations, for people.</summary>
internal static class MigrationPages
{
    /// <summary>One row for each migration.</summary>
    public static Page List(IEnumerable<MigrationDocument> migrations) => Page.Of(
        new Sheet("MIGRATION", "VM", "FROM", "TO", "KIND", "PHASE", "STARTED", "ENDED", "REASON").Rows(migrations, migration =>
        [
            migration.Id, $"{migration.Application}/{migration.Vm}", Place(migration.From, migration.FromHost), Place(migration.To, migration.ToHost),
            Kind(migration), migration.Phase, Cells.Instant(migration.StartedAt), Cells.Instant(migration.EndedAt), migration.Reason ?? migration.WaitsFor,
        ]));

    /// <summary>One migration in full.</summary>
    public static Page Describe(MigrationDocument migration)
    {
        var page = new Page()
            .Line($"Migration {migration.Id} of {migration.Application}/{migration.Vm}")
            .Line($"  plan       {migration.Plan}")
            .Line($"  from       {Place(migration.From, migration.FromHost)}")
            .Line($"  to         {Place(migration.To, migration.ToHost)}")
            .Line($"  kind       {Kind(migration)}{(migration.IsLive ? "" : IsRestart(migration) ? ": stopped and started anew on another offer" : ": stopped, copied and started anew")}")
            .Line($"  phase      {migration.Phase}")
            .Line($"  epoch      {migration.Epoch}")
            .Line($"  started    {Cells.Instant(migration.StartedAt)}")
            .Line($"  ended      {(migration.EndedAt is null ? "not yet" : Cells.Instant(migration.EndedAt))}");
        AddLine(page, "waits for  ", migration.WaitsFor);
        AddLine(page, "taken back by ", migration.CancelledBy);
        AddLine(page, "reason     ", migration.Reason);
        AddLine(page, "left       ", migration.BytesLeft is { } left ? $"{Cells.Bytes(left)} of memory in this round" : null);
        AddLine(page, "rewritten  ", migration.DirtyBytesPerSecond is { } rate ? $"{Cells.Bytes(rate)}/s" : null);
        AddLine(page, "downtime, switched now  ", migration.ExpectedDowntimeSeconds is { } downtime ? Cells.Seconds(downtime) : null);
        AddSteps(page, migration);
        AddFigures(page, migration);
        return page;
    }

    private static void AddLine(Page page, string name, string? text)
    {
        if (text is not null)
        {
            page.Line($"  {name}{text}");
        }
    }

    // A step lasts until the next one begins; the last one of a migration that has ended is its end.
    private static void AddSteps(Page page, MigrationDocument migration)
    {
        var steps = migration.Steps;
        if (steps.Length > 0)
        {
            page.Heading("Steps").Add(new Sheet("STEP", "BEGAN", ">LASTED").Rows(steps.Index(), entry =>
            [
                entry.Item.Phase, Cells.Instant(entry.Item.At),
                entry.Index + 1 < steps.Length ? Cells.Seconds((steps[entry.Index + 1].At - entry.Item.At).TotalSeconds) : null,
            ]));
        }
    }

    private static void AddFigures(Page page, MigrationDocument migration)
    {
        var (estimated, measured) = (migration.Estimated, migration.Measured);
        if (estimated is not null || measured is not null)
        {
            page.Heading("Estimated and measured").Add(new Sheet("FIGURE", ">ESTIMATED", ">MEASURED")
                .Row("bytes", Shown(estimated?.Bytes, Cells.Bytes), Shown(measured?.Bytes, Cells.Bytes))
                .Row("duration", Shown(estimated?.Seconds, Cells.Seconds), Shown(measured?.Seconds, Cells.Seconds))
                .Row("downtime", Shown(estimated?.DowntimeSeconds, Cells.Seconds), Shown(measured?.DowntimeSeconds, Cells.Seconds))
                .Row("rounds", Shown(estimated?.Rounds, Rounds), Shown(measured?.Rounds, Rounds)));
        }
    }

    private static string Rounds(double rounds) => Cells.Number(rounds, 0);

    private static string? Shown(double? figure, Func<double, string> show) => figure is { } value ? show(value) : null;

    private static string Kind(MigrationDocument migration) => migration.IsLive ? "live" : IsRestart(migration) ? "restart" : "cold";

    private static bool IsRestart(MigrationDocument migration) => migration.From.Site == migration.To.Site && migration.From.Offer != migration.To.Offer;

    private static string Place(PlanDocument.Place place, string? host) => host is null ? Cells.Place(place) : $"{Cells.Place(place)} on {host}";
}
