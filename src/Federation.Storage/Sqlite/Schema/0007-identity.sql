-- upgrade from 5: rows are rewritten by Federation.Storage.Upgrading while the service stands still.
-- An application is a tenant's name in one of its lives, wherever it is stored: TENANT/NAME.INCARNATION.
SELECT 1;
