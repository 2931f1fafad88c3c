-- Orleans.Persistence.AdoNet. A write that answers no row was a conflict: the grain's version is not the stored one.

-- name: ReadFromStorageKey
SELECT PayloadBinary, Version
FROM orleans_storage
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '');

-- name: WriteToStorageKey
-- The first write inserts, and of several at once the unique key lets one through; a later one updates the version that the
-- grain read.
WITH updated AS (
    UPDATE orleans_storage
    SET PayloadBinary = @PayloadBinary, Version = Version + 1
    WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND Version = @GrainStateVersion::integer
    RETURNING Version),
inserted AS (
    INSERT INTO orleans_storage
        (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, Version, PayloadBinary)
    SELECT
        @ServiceId, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, COALESCE(@GrainIdExtensionString, ''), 1, @PayloadBinary
    WHERE @GrainStateVersion::integer IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version)
SELECT Version AS NewGrainStateVersion FROM updated
UNION ALL
SELECT Version FROM inserted;

-- name: ClearStorageKey
UPDATE orleans_storage
SET PayloadBinary = NULL, Version = Version + 1
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
    AND Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion;

-- name: DeleteStorageKey
-- The answer must differ from the grain's version, or Orleans takes it for a conflict.
DELETE FROM orleans_storage
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '')
    AND Version = @GrainStateVersion
RETURNING Version + 1 AS NewGrainStateVersion;
