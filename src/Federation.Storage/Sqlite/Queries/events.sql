-- name: Append
INSERT INTO event (at, kind, application, site, text, detail_json)
VALUES (@at, @kind, @application, @site, @text, @detail_json)
RETURNING sequence;

-- name: ReadAfter
SELECT sequence, at, kind, application, site, text, detail_json
FROM event
WHERE sequence > @sequence
ORDER BY sequence
LIMIT @limit;

-- name: Latest
SELECT COALESCE(MAX(sequence), 0) FROM event;
