using Federation.Domain.Applications;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads how an application's VMs may move.</summary>
internal static class MoveReader
{
    /// <summary>What live moves have to keep to.</summary>
    public static MoveLimits ReadLimits(Section file)
    {
        if (file.Inner("moves", ApplicationShapes.Moves) is not { } moves)
        {
            return new();
        }

        var missed = moves.Read("whenMissed", ApplicationWords.Missed.Type, MissedLimit.Stay);
        if (missed == MissedLimit.Cold && file.Find("coldMoves") is null)
        {
            moves.Refuse("whenMissed", "asks for cold moves, which the application does not allow", "write 'coldMoves: { lostWork: 10m }' as well, or stay or exceed here");
        }

        return new()
        {
            Downtime = moves.ReadOptional("downtime", Durations.PositiveSpan),
            Duration = moves.ReadOptional("duration", Durations.PositiveSpan),
            AutoConverge = moves.Read("autoConverge", ApplicationWords.YesNo.Type, false),
            PerDay = moves.ReadOptional("perDay", Numbers.Count),
            WhenMissed = missed,
        };
    }

    /// <summary>How VMs may be moved cold; null: not at all.</summary>
    public static ColdMoves? ReadCold(Section file) => file.Inner("coldMoves", ApplicationShapes.ColdMoves) is { } cold
        ? new(cold.Read("lostWork", Durations.Span, default), cold.Read("boot", Durations.PositiveSpan, ColdMoves.UsualBoot)) { Downtime = cold.ReadOptional("downtime", Durations.PositiveSpan) }
        : null;

    /// <summary>How VMs may change to another offer of their site; null: not at all.</summary>
    public static Restarts? ReadRestarts(Section file) => file.Inner("restarts", ApplicationShapes.Restarts) is { } restarts
        ? new(restarts.Read("lostWork", Durations.Span, default), restarts.Read("boot", Durations.PositiveSpan, ColdMoves.UsualBoot))
        : null;
}
