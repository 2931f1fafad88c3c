-- When each silo last wrote, for its health: one row a silo.
CREATE TABLE IF NOT EXISTS heartbeat (
    silo text PRIMARY KEY,
    at text NOT NULL
);
