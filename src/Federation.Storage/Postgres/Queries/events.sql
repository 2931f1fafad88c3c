-- name: Append
-- One after another: a reader that saw number 6 never looks for a 5 that is committed later. The lock ends with the
-- transaction, and so does the notification begin.
SELECT pg_advisory_xact_lock(7308895159);
INSERT INTO event (at, kind, application, site, text, detail_json)
VALUES (@at, @kind, @application, @site, @text, @detail_json::json)
RETURNING sequence;
SELECT pg_notify('federation_event', '');

-- name: ReadAfter
SELECT sequence, at, kind, application, site, text, detail_json::text
FROM event
WHERE sequence > @sequence
ORDER BY sequence
LIMIT @limit;

-- name: Latest
SELECT COALESCE(MAX(sequence), 0) FROM event;

-- name: Listen
LISTEN federation_event;
