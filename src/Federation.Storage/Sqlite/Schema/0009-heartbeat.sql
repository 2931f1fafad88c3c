-- When each silo last wrote, for its health. The room that a row takes tells whether there is any left.
CREATE TABLE IF NOT EXISTS heartbeat (
    id INTEGER PRIMARY KEY,
    silo TEXT NOT NULL,
    at TEXT NOT NULL,
    room BLOB NOT NULL
);
