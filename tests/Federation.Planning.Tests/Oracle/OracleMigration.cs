using Federation.Domain.Estimation;

namespace Federation.Planning.Tests.Oracle;

/// <summary>One live migration, round by round, as the design's section on migration time words it.</summary>
/// <param name="Bytes">All that is sent.</param>
/// <param name="Duration">Seconds, the last send and the downtime included.</param>
/// <param name="Downtime">Seconds.</param>
public sealed record OracleMigration(Rational Bytes, Rational Duration, Rational Downtime)
{
    /// <summary>Null: it does not converge.</summary>
    public static OracleMigration? Of(Rational memory, Rational dirtyRate, Rational bandwidth, PreCopyOptions options)
    {
        if (dirtyRate >= bandwidth)
        {
            return null;
        }

        Rational sent = 0, seconds = 0, left = memory;
        for (var round = 0; round < options.MaxRounds; round++)
        {
            var took = left / bandwidth;
            sent += left;
            seconds += took;
            left = dirtyRate * took;
            if (left / bandwidth <= options.DowntimeBudgetSeconds)
            {
                break;
            }
        }

        var downtime = (left / bandwidth) + options.ResumeSeconds;
        return new(sent + left, seconds + downtime, downtime);
    }
}
