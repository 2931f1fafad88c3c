-- Who did what. The numbers have no gap: the service gives them, one writer at a time, with the hash that chains each entry to
-- the one before.
CREATE TABLE IF NOT EXISTS audit (
    sequence bigint PRIMARY KEY CHECK (sequence >= 1),
    at text NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL,
    hash text NOT NULL CHECK (length(hash) = 64)
);

-- A mistake cannot change it; who means to can drop this first, and the chain shows it.
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append only';
END $$;

CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
