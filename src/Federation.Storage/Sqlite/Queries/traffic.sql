-- name: AppendWindow
-- No row comes back if the sensor's report of the window, or its report of that number, is there already.
INSERT INTO traffic_window (application, vm, window_start, covered_ticks, dropped, merged, sensor, boot, sequence)
VALUES (@application, @vm, @window_start, @covered_ticks, @dropped, @merged, @sensor, @boot, @sequence)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: AppendRecord
INSERT INTO traffic_record (window_id, peer, direction, packets, bytes)
VALUES (@window_id, @peer, @direction, @packets, @bytes);

-- name: ReadReports
-- The rows of one window are together; a window without records has one row, its peer NULL.
SELECT w.id, w.vm, w.window_start, w.covered_ticks, r.peer, r.direction, r.packets, r.bytes,
    w.sensor, w.dropped, w.merged
FROM traffic_window AS w
LEFT JOIN traffic_record AS r ON r.window_id = w.id
WHERE w.application = @application AND w.window_start BETWEEN @first AND @last
ORDER BY w.window_start, w.vm, w.id;

-- name: ReadReportsOfVm
-- Window by window, so that the index leads to the VM and not to all of its application.
SELECT w.id, w.vm, w.window_start, w.covered_ticks, r.peer, r.direction, r.packets, r.bytes,
    w.sensor, w.dropped, w.merged
FROM traffic_window AS w
LEFT JOIN traffic_record AS r ON r.window_id = w.id
WHERE w.application = @application AND w.window_start IN (SELECT value FROM json_each(@starts)) AND w.vm = @vm
ORDER BY w.window_start, w.id;

-- name: LatestWindow
SELECT MAX(window_start) FROM traffic_window WHERE application = @application AND window_start <= @last;

-- name: ReportedWindows
-- One look at the index a window, however many VMs reported it.
SELECT value FROM json_each(@starts)
WHERE EXISTS (SELECT 1 FROM traffic_window WHERE application = @application AND window_start = value)
ORDER BY value;

-- name: DeleteBefore
-- The records go with their windows.
DELETE FROM traffic_window WHERE id IN (
    SELECT id FROM traffic_window
    WHERE application = @application AND window_start < @oldest_kept
    ORDER BY window_start
    LIMIT @limit);
