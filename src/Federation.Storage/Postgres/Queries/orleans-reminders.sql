-- Orleans.Reminders.AdoNet. Hashes are signed; a range excludes its begin and includes its end.

-- name: UpsertReminderRowKey
INSERT INTO orleans_reminder AS r (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (ServiceId, GrainId, ReminderName)
DO UPDATE SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = r.Version + 1
RETURNING Version;

-- name: ReadReminderRowKey
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans_reminder
WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName;

-- name: ReadReminderRowsKey
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans_reminder
WHERE ServiceId = @ServiceId AND GrainId = @GrainId;

-- name: ReadRangeRows1Key
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans_reminder
WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash;

-- name: ReadRangeRows2Key
-- The range that runs over the end of the ring.
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans_reminder
WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash);

-- name: DeleteReminderRowKey
WITH deleted AS (
    DELETE FROM orleans_reminder
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM deleted);

-- name: DeleteReminderRowsKey
DELETE FROM orleans_reminder WHERE ServiceId = @ServiceId;
