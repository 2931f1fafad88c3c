using Federation.Api;
using Federation.Cli.Output;
using Federation.Domain.Plans;

namespace Federation.Cli.Service;

/// <summary>Watches a plan while it is applied, and says on the error stream what each migration comes to.</summary>
/// <param name="call">The connection.</param>
/// <param name="plan">The plan's name.</param>
internal sealed class ApplyProgress(ServiceCall call, string plan)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<string, string> phases = [];

    /// <summary>Waits until the plan was applied, or failed; gives it as it stands then.</summary>
    public async Task<PlanDocument> Watch()
    {
        while (true)
        {
            var document = await call.Get<PlanDocument>(Route.To("plans", plan));
            Report(await call.Get<MigrationDocument[]>(Route.To("migrations").With("plan", plan)));
            if (document.State != PlanState.Applying)
            {
                return document;
            }

            await Task.Delay(Interval, call.Terminal.Clock, call.Cancel);
        }
    }

    private void Report(MigrationDocument[] migrations)
    {
        foreach (var migration in migrations.OrderBy(migration => migration.StartedAt))
        {
            if (phases.GetValueOrDefault(migration.Id) != migration.Phase)
            {
                phases[migration.Id] = migration.Phase;
                call.Terminal.Error.WriteLine(Cells.Plain(
                    $"{migration.Vm}: {Cells.Place(migration.From)} -> {Cells.Place(migration.To)}: {migration.Phase}"));
            }
        }
    }
}
