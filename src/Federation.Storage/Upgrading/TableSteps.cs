using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Storage.Upgrading;

/// <summary>The tables beside grains' state.</summary>
internal static class TableSteps
{
    private static readonly string[] ByApplication = ["placement", "retention", "groups", "application"];

    /// <summary>Reminders follow their grains; a sweep goes on for every life that left traffic.</summary>
    public static void Reminders(UpgradeWork work)
    {
        foreach (var (grain, hash) in work.Transaction.Query(
            "SELECT DISTINCT GrainId, GrainHash FROM orleans_reminder", row => (row.GetString(0), Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture))))
        {
            var slash = grain.IndexOf('/', StringComparison.Ordinal);
            var (kind, key) = (grain[..slash], grain[(slash + 1)..]);
            if (!ByApplication.Contains(kind))
            {
                continue;
            }

            if (OrleansKeys.OfReminder(kind, key) != hash)
            {
                throw new InvalidDataException($"the reminders of {grain} are not filed as Orleans 10 files them");
            }

            AppId[] lives = kind == "retention" ? [.. work.Lives.Of(key).Select(life => life.Id)] : [work.Lives.Last(key)];
            foreach (var life in lives)
            {
                work.Transaction.Execute(
                    "INSERT INTO orleans_reminder (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version) "
                    + "SELECT ServiceId, @new, ReminderName, StartTime, Period, @hash, Version FROM orleans_reminder WHERE GrainId = @old",
                    ("@new", $"{kind}/{life.Key}"),
                    ("@hash", OrleansKeys.OfReminder(kind, life.Key)),
                    ("@old", grain));
            }

            work.Transaction.Execute("DELETE FROM orleans_reminder WHERE GrainId = @old", ("@old", grain));
        }
    }

    /// <summary>Windows belong to the life that they began in.</summary>
    public static void Traffic(UpgradeWork work) => EachLife(work, (life, until) => work.Transaction.Execute(
        "UPDATE traffic_window SET application = @new WHERE application = @old AND window_start >= @first AND window_start < @end",
        ("@new", life.Id.Key),
        ("@old", life.Id.Name),
        ("@first", SecondsFrom(life.Begin)),
        ("@end", until is null ? long.MaxValue : SecondsFrom(until.Begin))));

    /// <summary>Events belong to the life whose first event they follow. Their texts stay as they were written.</summary>
    public static void Events(UpgradeWork work) => EachLife(work, (life, until) => work.Transaction.Execute(
        "UPDATE event SET application = @new WHERE application = @old AND sequence >= @first AND sequence < @end",
        ("@new", life.Id.Key),
        ("@old", life.Id.Name),
        ("@first", life.FirstEvent),
        ("@end", until?.FirstEvent ?? long.MaxValue)));

    /// <summary>A silo that was only frozen finds itself dead when it goes on, and ends.</summary>
    public static void Membership(UpgradeWork work)
    {
        work.Transaction.Execute("UPDATE orleans_membership SET Status = 6 WHERE Status <> 6");
        work.Transaction.Execute("UPDATE orleans_membership_version SET Version = Version + 1");
    }

    private static void EachLife(UpgradeWork work, Action<Life, Life?> rewrite)
    {
        foreach (var (_, lives) in work.Lives.All)
        {
            for (var life = 0; life < lives.Count; life++)
            {
                rewrite(lives[life], life + 1 < lives.Count ? lives[life + 1] : null);
            }
        }
    }

    private static long SecondsFrom(DateTimeOffset begin) => begin == DateTimeOffset.MinValue
        ? long.MinValue
        : (begin.UtcTicks + TimeSpan.TicksPerSecond - 1 - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
}
