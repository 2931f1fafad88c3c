-- One row per part of a (VM, window), the part that one sensor reported. window_start is in seconds since 1970-01-01 UTC,
-- covered_ticks in 100 ns. The records are packed into one value: a row each would take ten times the room.
CREATE TABLE traffic_window (
    application text COLLATE "C" NOT NULL,
    window_start bigint NOT NULL CHECK (window_start % 30 = 0),
    vm text COLLATE "C" NOT NULL,
    sensor text COLLATE "C" NOT NULL,
    boot uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    covered_ticks bigint NOT NULL CHECK (covered_ticks > 0 AND covered_ticks <= 300000000),
    dropped bigint NOT NULL CHECK (dropped >= 0),
    merged integer NOT NULL CHECK (merged >= 1),
    records bytea NOT NULL,
    -- The window comes before the VM, so that the same index serves the latest window and a range of windows.
    PRIMARY KEY (application, window_start, vm, sensor),
    UNIQUE (sensor, boot, sequence)
);

-- Small numbers compress badly, and trying costs time at every append.
ALTER TABLE traffic_window ALTER COLUMN records SET STORAGE EXTERNAL;

-- Reads a number of seven bits a byte, the low ones first; the bytes but the last one have the high bit set.
CREATE FUNCTION traffic_number(packed bytea, INOUT place integer, OUT value bigint) LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    shift integer := 0;
    part integer;
BEGIN
    value := 0;
    LOOP
        part := get_byte(packed, place);
        place := place + 1;
        value := value | ((part & 127)::bigint << shift);
        EXIT WHEN part < 128;
        shift := shift + 7;
    END LOOP;
END $$;

-- An address of 4, 16 or 6 bytes as people write it.
CREATE FUNCTION traffic_peer(packed bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE length(packed)
        WHEN 4 THEN concat_ws('.', get_byte(packed, 0), get_byte(packed, 1), get_byte(packed, 2), get_byte(packed, 3))
        WHEN 16 THEN host(rtrim(regexp_replace(encode(packed, 'hex'), '(.{4})', '\1:', 'g'), ':')::inet)
        ELSE encode(packed, 'hex')::macaddr::text
    END
$$;

-- Unpacks records: a head (kind of address, 1 IPv4, 2 IPv6, 3 MAC, and 4 if it was sent), the address, packets, bytes.
CREATE FUNCTION traffic_records(packed bytea)
RETURNS TABLE (peer text, direction text, packets bigint, bytes bigint) LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    place integer := 0;
    head integer;
    width integer;
BEGIN
    WHILE place < length(packed) LOOP
        head := get_byte(packed, place);
        width := CASE head & 3 WHEN 1 THEN 4 WHEN 2 THEN 16 ELSE 6 END;
        peer := traffic_peer(substring(packed FROM place + 2 FOR width));
        direction := CASE WHEN head & 4 = 0 THEN 'received' ELSE 'sent' END;
        place := place + 1 + width;
        SELECT n.place, n.value INTO place, packets FROM traffic_number(packed, place) AS n;
        SELECT n.place, n.value INTO place, bytes FROM traffic_number(packed, place) AS n;
        RETURN NEXT;
    END LOOP;
END $$;

-- The same for people: SELECT * FROM traffic WHERE application = 'cg' AND "window" >= '2026-11-23T17:51:00Z'
CREATE VIEW traffic AS
SELECT
    w.application,
    w.vm,
    to_char(to_timestamp(w.window_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "window",
    w.covered_ticks / 10000000.0::double precision AS covered_seconds,
    w.sensor,
    w.dropped,
    w.merged,
    r.peer,
    r.direction,
    r.packets,
    r.bytes
FROM traffic_window AS w
LEFT JOIN LATERAL traffic_records(w.records) AS r ON true;
