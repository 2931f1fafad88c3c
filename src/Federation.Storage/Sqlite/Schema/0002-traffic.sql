-- One row per (VM, window) that a sensor reported. window_start is in seconds since 1970-01-01 UTC, covered_ticks in 100 ns.
CREATE TABLE traffic_window (
    id INTEGER PRIMARY KEY,
    application TEXT NOT NULL,
    vm TEXT NOT NULL,
    window_start INTEGER NOT NULL CHECK (window_start % 30 = 0),
    covered_ticks INTEGER NOT NULL CHECK (covered_ticks > 0 AND covered_ticks <= 300000000),
    sensor TEXT NOT NULL,
    boot TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    -- The window comes before the VM, so that the same index serves the latest window and a range of windows.
    UNIQUE (application, window_start, vm),
    UNIQUE (sensor, boot, sequence)
);

-- What the VM of a window received from (direction 0) or sent to (direction 1) a peer.
CREATE TABLE traffic_record (
    window_id INTEGER NOT NULL REFERENCES traffic_window (id) ON DELETE CASCADE,
    peer TEXT NOT NULL,
    direction INTEGER NOT NULL CHECK (direction IN (0, 1)),
    packets INTEGER NOT NULL CHECK (packets >= 1),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (window_id, peer, direction)
) WITHOUT ROWID;

-- The same for people: SELECT * FROM traffic WHERE application = 'cg' AND "window" >= '2026-11-23T17:51:00Z'
CREATE VIEW traffic AS
SELECT
    w.application,
    w.vm,
    strftime('%Y-%m-%dT%H:%M:%SZ', w.window_start, 'unixepoch') AS "window",
    w.covered_ticks / 10000000.0 AS covered_seconds,
    r.peer,
    CASE r.direction WHEN 0 THEN 'received' WHEN 1 THEN 'sent' END AS direction,
    r.packets,
    r.bytes
FROM traffic_window AS w
LEFT JOIN traffic_record AS r ON r.window_id = w.id;
