-- name: AppendWindows
-- A batch in one statement, hence all or nothing. In the batch's order, so that of two equal reports the first is stored.
-- Only the stored ones come back.
INSERT INTO traffic_window (application, window_start, vm, sensor, boot, sequence, covered_ticks, dropped, merged, records)
SELECT b.application, b.window_start, b.vm, b.sensor, b.boot, b.sequence, b.covered_ticks, b.dropped, b.merged, b.records
FROM unnest(@application, @window_start, @vm, @sensor, @boot, @sequence, @covered_ticks, @dropped, @merged, @records)
    WITH ORDINALITY AS b (application, window_start, vm, sensor, boot, sequence, covered_ticks, dropped, merged, records, place)
ORDER BY b.place
ON CONFLICT DO NOTHING
RETURNING application, window_start, vm, sensor, boot, sequence;

-- name: ReadReports
SELECT vm, window_start, sensor, covered_ticks, dropped, merged, records
FROM traffic_window
WHERE application = @application AND window_start BETWEEN @first AND @last;

-- name: ReadReportsOfVm
-- Window by window, so that the index leads to the VM and not to all of its application.
SELECT vm, window_start, sensor, covered_ticks, dropped, merged, records
FROM traffic_window
WHERE application = @application AND window_start = ANY(@starts) AND vm = @vm;

-- name: LatestWindow
SELECT MAX(window_start) FROM traffic_window WHERE application = @application AND window_start <= @last;

-- name: ReportedWindows
-- One look at the index a window, however many VMs reported it.
SELECT start FROM unnest(@starts) AS start
WHERE EXISTS (SELECT FROM traffic_window WHERE application = @application AND window_start = start)
ORDER BY start;

-- name: DeleteBefore
DELETE FROM traffic_window WHERE ctid IN (
    SELECT ctid FROM traffic_window
    WHERE application = @application AND window_start < @oldest_kept
    ORDER BY window_start
    LIMIT @limit);
