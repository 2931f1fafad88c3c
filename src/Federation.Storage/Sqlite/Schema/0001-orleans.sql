-- Clustering, grain state and reminders of Orleans. Only OrleansQuery and its columns are named by Orleans; the other
-- columns have the names of Orleans' parameters and results, so that the queries need no aliases.

-- What Orleans runs, by key. Written anew at every start from Queries/orleans-*.sql.
CREATE TABLE OrleansQuery (
    QueryKey TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
);

-- One row per cluster; its version moves with every change of membership, so that two silos cannot both change it unseen.
CREATE TABLE orleans_membership_version (
    DeploymentId TEXT NOT NULL PRIMARY KEY,
    Version INTEGER NOT NULL
);

CREATE TABLE orleans_membership (
    DeploymentId TEXT NOT NULL REFERENCES orleans_membership_version (DeploymentId) ON DELETE CASCADE,
    Address TEXT NOT NULL,
    Port INTEGER NOT NULL,
    Generation INTEGER NOT NULL,
    SiloName TEXT NOT NULL,
    HostName TEXT NOT NULL,
    Status INTEGER NOT NULL,
    ProxyPort INTEGER NOT NULL,
    SuspectTimes TEXT,
    StartTime TEXT NOT NULL,
    IAmAliveTime TEXT NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- The version moves inside the statement that changes a member: no transaction of ours can be left open half-way.
CREATE TRIGGER orleans_membership_inserted AFTER INSERT ON orleans_membership
BEGIN
    UPDATE orleans_membership_version SET Version = Version + 1 WHERE DeploymentId = NEW.DeploymentId;
END;

-- A heartbeat sets IAmAliveTime alone and is no change of membership.
CREATE TRIGGER orleans_membership_updated AFTER UPDATE OF Status, SuspectTimes ON orleans_membership
BEGIN
    UPDATE orleans_membership_version SET Version = Version + 1 WHERE DeploymentId = NEW.DeploymentId;
END;

-- A grain without key extension has the extension '': NULLs would not be equal in the key, and two overlapping first
-- writes would both succeed. The hash tells an integer key with an extension from a string key.
CREATE TABLE orleans_storage (
    ServiceId TEXT NOT NULL,
    GrainTypeString TEXT NOT NULL,
    GrainIdHash INTEGER NOT NULL,
    GrainIdN0 INTEGER NOT NULL,
    GrainIdN1 INTEGER NOT NULL,
    GrainIdExtensionString TEXT NOT NULL,
    Version INTEGER NOT NULL,
    PayloadBinary BLOB,
    PRIMARY KEY (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
);

-- Period in milliseconds.
CREATE TABLE orleans_reminder (
    ServiceId TEXT NOT NULL,
    GrainId TEXT NOT NULL,
    ReminderName TEXT NOT NULL,
    StartTime TEXT NOT NULL,
    Period INTEGER NOT NULL,
    GrainHash INTEGER NOT NULL,
    Version INTEGER NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX orleans_reminder_range ON orleans_reminder (ServiceId, GrainHash);
