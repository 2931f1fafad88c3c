-- Orleans.Persistence.AdoNet. A write that answers no row was a conflict: the grain's version is not the stored one.

-- name: ReadFromStorageKey
SELECT PayloadBinary, Version
FROM orleans_storage
WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '');

-- name: WriteToStorageKey
-- One statement, hence atomic: the first write inserts, a later one updates the version that the grain read. A grain that
-- read a version which has since been deleted inserts nothing.
INSERT INTO orleans_storage
    (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString, Version, PayloadBinary)
SELECT
    @ServiceId, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, COALESCE(@GrainIdExtensionString, ''), 1, @PayloadBinary
WHERE @GrainStateVersion IS NULL OR EXISTS (
    SELECT 1 FROM orleans_storage
    WHERE ServiceId = @ServiceId AND GrainTypeString = @GrainTypeString AND GrainIdHash = @GrainIdHash
        AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, ''))
ON CONFLICT (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = Version + 1
WHERE Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion;

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
