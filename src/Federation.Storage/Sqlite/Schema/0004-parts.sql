-- A VM that moves within a window has a part from each sensor that saw it. Both tables are made anew: a constraint cannot be
-- changed, and dropping the windows with their records still there would delete those.
CREATE TABLE part_window (
    id INTEGER PRIMARY KEY,
    application TEXT NOT NULL,
    vm TEXT NOT NULL,
    window_start INTEGER NOT NULL CHECK (window_start % 30 = 0),
    covered_ticks INTEGER NOT NULL CHECK (covered_ticks > 0 AND covered_ticks <= 300000000),
    -- Frames that the sensor's kernel could not hand over.
    dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped >= 0),
    -- Windows that the figures are an equal share of.
    merged INTEGER NOT NULL DEFAULT 1 CHECK (merged >= 1),
    sensor TEXT NOT NULL,
    boot TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    -- The window comes before the VM, so that the same index serves the latest window and a range of windows.
    UNIQUE (application, window_start, vm, sensor),
    UNIQUE (sensor, boot, sequence)
);

INSERT INTO part_window (id, application, vm, window_start, covered_ticks, sensor, boot, sequence)
SELECT id, application, vm, window_start, covered_ticks, sensor, boot, sequence FROM traffic_window;

CREATE TABLE part_record (
    window_id INTEGER NOT NULL REFERENCES part_window (id) ON DELETE CASCADE,
    peer TEXT NOT NULL,
    direction INTEGER NOT NULL CHECK (direction IN (0, 1)),
    packets INTEGER NOT NULL CHECK (packets >= 1),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (window_id, peer, direction)
) WITHOUT ROWID;

INSERT INTO part_record SELECT window_id, peer, direction, packets, bytes FROM traffic_record;

DROP VIEW traffic;
DROP TABLE traffic_record;
DROP TABLE traffic_window;
ALTER TABLE part_window RENAME TO traffic_window;
ALTER TABLE part_record RENAME TO traffic_record;

-- The same for people: SELECT * FROM traffic WHERE application = 'cg' AND "window" >= '2026-11-23T17:51:00Z'
CREATE VIEW traffic AS
SELECT
    w.application,
    w.vm,
    strftime('%Y-%m-%dT%H:%M:%SZ', w.window_start, 'unixepoch') AS "window",
    w.covered_ticks / 10000000.0 AS covered_seconds,
    w.sensor,
    w.dropped,
    w.merged,
    r.peer,
    CASE r.direction WHEN 0 THEN 'received' WHEN 1 THEN 'sent' END AS direction,
    r.packets,
    r.bytes
FROM traffic_window AS w
LEFT JOIN traffic_record AS r ON r.window_id = w.id;
