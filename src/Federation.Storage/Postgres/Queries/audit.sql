-- name: Last
SELECT sequence, at, who, action, target, outcome, detail, hash FROM audit ORDER BY sequence DESC LIMIT 1;

-- name: Append
INSERT INTO audit (sequence, at, who, action, target, outcome, detail, hash)
VALUES (@sequence, @at, @who, @action, @target, @outcome, @detail, @hash);

-- name: ReadAfter
SELECT sequence, at, who, action, target, outcome, detail, hash
FROM audit
WHERE sequence > @sequence
ORDER BY sequence
LIMIT @limit;

-- name: Lock
-- One writer at a time; the lock ends with the transaction.
SELECT pg_advisory_xact_lock(7308895160);
