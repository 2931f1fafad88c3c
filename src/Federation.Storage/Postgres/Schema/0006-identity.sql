-- upgrade from 4: rows are rewritten by Federation.Storage.Upgrading while the service stands still.
-- An application is a tenant's name in one of its lives, wherever it is stored: TENANT/NAME.INCARNATION.
COMMENT ON COLUMN traffic_window.application IS 'TENANT/NAME.INCARNATION';
COMMENT ON COLUMN event.application IS 'TENANT/NAME.INCARNATION';
