using Federation.Api;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;

namespace Federation.Silo.Api;

/// <summary>Makes documents of migrations.</summary>
internal static class MigrationTexts
{
    /// <summary>The document of a migration.</summary>
    public static MigrationDocument DocumentOf(MigrationState state) => new(
        state.Order.Id.Local, state.Plan.Local, state.Order.Vm.Application.Name, state.Order.Vm.Vm.Value,
        PlanDocument.Place.Of(state.Order.From), PlanDocument.Place.Of(state.Order.To),
        Camel(state.Phase), state.Order.Epoch, state.StartedAt, state.EndedAt,
        state.Refusal is { } refusal ? RefusalText.Of(refusal) : null, state.Refusal?.Code)
    {
        FromHost = state.Order.FromHost,
        ToHost = state.Order.ToHost,
        IsLive = state.Order.Terms.IsLive,
        Steps = [.. state.Phases.Select(phase => new MigrationDocument.Step(Camel(phase.Phase), phase.At))],
        Estimated = state.Order.DurationSeconds > 0
            ? new(state.Order.DurationSeconds, state.Order.DowntimeSeconds, state.Order.Bytes > 0 ? state.Order.Bytes : null, null)
            : null,
        Measured = MeasuredOf(state),
        BytesLeft = state.HasEnded ? null : state.Progress?.MemoryLeftBytes,
        DirtyBytesPerSecond = state.Progress?.DirtyBytesPerSecond,
        ExpectedDowntimeSeconds = state.HasEnded ? null : state.Progress?.ExpectedDowntimeSeconds,
        WaitsFor = state.WaitsFor is { } waits ? RefusalText.Of(waits) : null,
        CancelledBy = state.CancelledBy,
    };

    /// <summary>What a request to take it back has done.</summary>
    public static string OfCancel(MigrationState state) =>
        $"migration {state.Order.Id.Local} is taken back: {state.Order.Vm.Vm} runs on at {state.Order.Source}, what was copied is thrown away";

    private static MigrationDocument.Figures? MeasuredOf(MigrationState state) => state.Progress is null && state.StoodStillSeconds is null
        ? null
        : new(state.TookSeconds, state.StoodStillSeconds, state.SentBytes, state.Progress?.Rounds);

    private static string Camel(MigrationPhase phase) => char.ToLowerInvariant($"{phase}"[0]) + $"{phase}"[1..];
}
