-- What happened in the federation. AUTOINCREMENT: a sequence number is never given out twice.
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    application TEXT,
    site TEXT,
    text TEXT NOT NULL,
    detail_json TEXT CHECK (detail_json IS NULL OR json_valid(detail_json))
);
