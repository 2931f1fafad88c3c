-- What the role of the silos may do with the tables, which are another role's: what the service does with them, and nothing else. Takes away what it
-- could do before; run again, it changes nothing. The setting federation.silo names the role.
DO $$
DECLARE
    silo text := current_setting('federation.silo');
    place text := current_schema();
    allowed record;
BEGIN
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', place);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', place, silo);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, silo);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, %I', place, silo);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM PUBLIC, %I', place, silo);
    FOR allowed IN SELECT * FROM (VALUES
        -- What the owner has put there: for reading.
        ('schema_version', 'SELECT'),
        ('orleansquery', 'SELECT'),
        ('service_secret', 'SELECT'),
        -- What is written once.
        ('audit', 'SELECT, INSERT'),
        ('event', 'SELECT, INSERT'),
        -- Windows are deleted with their application, and never changed.
        ('traffic_window', 'SELECT, INSERT, DELETE'),
        ('traffic', 'SELECT'),
        ('heartbeat', 'SELECT, INSERT, UPDATE'),
        ('orleans_storage', 'SELECT, INSERT, UPDATE, DELETE'),
        ('orleans_reminder', 'SELECT, INSERT, UPDATE, DELETE'),
        ('orleans_membership', 'SELECT, INSERT, UPDATE, DELETE'),
        ('orleans_membership_version', 'SELECT, INSERT, UPDATE, DELETE')) AS rights (what, how)
    LOOP
        EXECUTE format('GRANT %s ON %I.%I TO %I', allowed.how, place, allowed.what, silo);
    END LOOP;
END $$;
