-- Clustering, grain state and reminders of Orleans. Only OrleansQuery and its columns are named by Orleans; the other
-- columns have the names of Orleans' parameters and results, so that the queries need no aliases.

-- What Orleans runs, by key. Written anew at every start from Queries/orleans-*.sql.
CREATE TABLE OrleansQuery (
    QueryKey text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

-- One row per cluster; its version moves with every change of membership, so that two silos cannot both change it unseen.
CREATE TABLE orleans_membership_version (
    DeploymentId text NOT NULL PRIMARY KEY,
    Version integer NOT NULL
);

CREATE TABLE orleans_membership (
    DeploymentId text NOT NULL REFERENCES orleans_membership_version (DeploymentId) ON DELETE CASCADE,
    Address text NOT NULL,
    Port integer NOT NULL,
    Generation integer NOT NULL,
    SiloName text NOT NULL,
    HostName text NOT NULL,
    Status integer NOT NULL,
    ProxyPort integer NOT NULL,
    SuspectTimes text,
    StartTime timestamptz NOT NULL,
    IAmAliveTime timestamptz NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- A grain without key extension has the extension '': NULLs would not be equal in the key, and two overlapping first
-- writes would both succeed. The hash tells an integer key with an extension from a string key.
CREATE TABLE orleans_storage (
    ServiceId text NOT NULL,
    GrainTypeString text NOT NULL,
    GrainIdHash integer NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    GrainIdExtensionString text NOT NULL,
    Version integer NOT NULL,
    PayloadBinary bytea,
    PRIMARY KEY (ServiceId, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)
);

-- Period in milliseconds.
CREATE TABLE orleans_reminder (
    ServiceId text NOT NULL,
    GrainId text NOT NULL,
    ReminderName text NOT NULL,
    StartTime timestamptz NOT NULL,
    Period bigint NOT NULL,
    GrainHash integer NOT NULL,
    Version integer NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX orleans_reminder_range ON orleans_reminder (ServiceId, GrainHash);
