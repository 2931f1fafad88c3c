-- Who did what. The numbers have no gap: the service gives them, one writer at a time, with the hash that chains each entry to
-- the one before.
CREATE TABLE IF NOT EXISTS audit (
    sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
    at text NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL,
    hash text NOT NULL CHECK (length(hash) = 64)
);

-- A mistake cannot change it; who means to can drop these first, and the chain shows it.
CREATE TRIGGER IF NOT EXISTS audit_keeps_entries BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;

CREATE TRIGGER IF NOT EXISTS audit_loses_nothing BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
