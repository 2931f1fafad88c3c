-- Orleans.Clustering.AdoNet. Times are UTC text of falling precision (yyyy-MM-dd HH:mm:ss.FFFFFFF), which sorts as time does.

-- name: InsertMembershipVersionKey
INSERT INTO orleans_membership_version (DeploymentId, Version)
VALUES (@DeploymentId, 0)
ON CONFLICT DO NOTHING;
SELECT changes() > 0;

-- name: InsertMembershipKey
-- A trigger moves the version along.
INSERT INTO orleans_membership
    (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
SELECT
    @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
FROM orleans_membership_version
WHERE DeploymentId = @DeploymentId AND Version = @Version
ON CONFLICT DO NOTHING;
SELECT changes() > 0;

-- name: UpdateMembershipKey
-- A trigger moves the version along.
UPDATE orleans_membership
SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
    AND @Version = (SELECT Version FROM orleans_membership_version WHERE DeploymentId = @DeploymentId);
SELECT changes() > 0;

-- name: UpdateIAmAlivetimeKey
UPDATE orleans_membership
SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation;

-- name: MembershipReadRowKey
-- Always a row, for the version; without the member all else in it is NULL.
SELECT v.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime
FROM orleans_membership_version AS v
LEFT JOIN orleans_membership AS m ON m.DeploymentId = v.DeploymentId
    AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
WHERE v.DeploymentId = @DeploymentId;

-- name: MembershipReadAllKey
SELECT v.Version, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime
FROM orleans_membership_version AS v
LEFT JOIN orleans_membership AS m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @DeploymentId;

-- name: GatewaysQueryKey
SELECT Address, ProxyPort, Generation
FROM orleans_membership
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0;

-- name: CleanupDefunctSiloEntriesKey
-- 6 is SiloStatus.Dead.
DELETE FROM orleans_membership
WHERE DeploymentId = @DeploymentId AND Status = 6 AND IAmAliveTime < @IAmAliveTime AND StartTime < @IAmAliveTime;

-- name: DeleteMembershipTableEntriesKey
-- Its members go with it.
DELETE FROM orleans_membership_version WHERE DeploymentId = @DeploymentId;
